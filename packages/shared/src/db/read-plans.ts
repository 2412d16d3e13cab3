import type { PendingQuery, Row } from "postgres";
import type { PlanView } from "../contracts/plan.ts";
import type { Step } from "../contracts/step.ts";
import type { OwnJob } from "../domain/access.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** A plan that a Job has or had. */
export interface PlanRecord {
  /** Number of its Event. */
  readonly seq: number;
  readonly time: Date;
  readonly attempt: number;
  readonly source: PlanView["source"];
  readonly turns: number;
  /** Null where they are sealed, or were. */
  readonly steps: readonly Step[] | null;
}

/** Which plans a Job has, and how much they are. */
export interface MeasuredPlans {
  /** True where retention has removed what the Job has left. */
  readonly expired: boolean;
  /** In their order; bytes of their Steps as JSON. */
  readonly plans: readonly { readonly seq: number; readonly bytes: number }[];
}

/** A Job's plans after the Event `after`, at most `limit` of them; null where its tenant has no Job of this id. */
export async function measurePlans(
  sql: Sql,
  { jobId, tenant }: OwnJob,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<MeasuredPlans | null> {
  const rows = await within(sql<{ expired: boolean; seq: number | null; bytes: number }[]>`
    SELECT job.expired_at IS NOT NULL AS expired, plan.seq, coalesce(octet_length(${stepsOf(sql)}::text), 0) AS bytes
      FROM jobs AS job LEFT JOIN LATERAL (
             SELECT seq, steps FROM job_plans WHERE job_id = job.id AND seq > ${after}::bigint ORDER BY seq LIMIT ${limit}
           ) AS plan ON true
     WHERE job.id = ${jobId}::uuid AND job.tenant = ${tenant} ORDER BY plan.seq`);
  const [first] = rows;
  if (first === undefined) return null;
  const plans = rows.flatMap(({ seq, bytes }) => (seq === null ? [] : [{ seq, bytes }]));
  return { expired: first.expired, plans };
}

/** Those of a Job after the Event `after` and up to the Event `until`, in their order. */
export async function readPlans(
  sql: Sql,
  { jobId, tenant }: OwnJob,
  { after, until }: { readonly after: number; readonly until: number },
): Promise<readonly PlanRecord[]> {
  return within(sql<PlanRecord[]>`
    SELECT plan.seq, event.time, event.attempt, event.body ->> 'source' AS source,
           (event.body -> 'turns')::integer AS turns, ${stepsOf(sql)} AS steps
      FROM jobs AS job
      JOIN job_plans AS plan ON plan.job_id = job.id AND plan.seq > ${after}::bigint AND plan.seq <= ${until}::bigint
      JOIN job_events AS event ON event.job_id = plan.job_id AND event.seq = plan.seq
     WHERE job.id = ${jobId}::uuid AND job.tenant = ${tenant} ORDER BY plan.seq`);
}

/** Those of the caller are the same in each Attempt. Of a Job with secrets, a worker of before has left them in clear. */
function stepsOf(sql: Sql): PendingQuery<Row[]> {
  return sql`coalesce(plan.steps, CASE
    WHEN job.secrets IS NULL AND jsonb_typeof(job.plan_steps) = 'array' THEN job.plan_steps END)`;
}
