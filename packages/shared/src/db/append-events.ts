import type { PendingQuery, Row } from "postgres";
import type { NewEvent } from "../contracts/event.ts";
import type { SandboxView, TimingsView } from "../contracts/job-view.ts";
import type { StoredPlan, StoredSteps } from "../contracts/plan.ts";
import type { Usage } from "../contracts/usage.ts";
import type { PipelineNode } from "../domain/job-state.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { type EventColumns, toEventColumns } from "./event-columns.ts";
import type { Fence } from "./fence.ts";
import { notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

/** What changes of the Job's row beside its Events; what is not there stays as it is. */
export interface JobProgress {
  readonly node?: PipelineNode | null;
  readonly plan?: StoredPlan;
  readonly planSteps?: StoredSteps;
  readonly usage?: Usage;
  readonly sandbox?: SandboxView;
  readonly timings?: TimingsView;
  /** Number of the last frame of the agent whose Events are in this batch. */
  readonly agentSeq?: number;
  /** What the pipeline remembers that no Event says. */
  readonly resume?: object;
}

/**
 * Appends Events, numbered on from `base` (the number of the Job's last Event, which only the Lease's owner moves), and
 * the progress that goes with them, in one fenced statement. Gives the new last number. Safe to repeat where it is not
 * known whether an earlier call got through. Fails with `lease_lost` where the fence does not hold: then nothing was
 * written, and nothing may be written later.
 */
export async function appendEvents(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
  base: number,
  events: readonly NewEvent[],
  progress: JobProgress,
): Promise<Result<number, "lease_lost">> {
  const columns = toEventColumns(events);
  const change = JSON.stringify(progress);
  const rows = await within(sql`
    WITH change AS (SELECT ${change}::text::jsonb AS c), job AS (
      UPDATE jobs
         SET last_seq = last_seq + ${events.length}::integer, event_bytes = event_bytes + ${columns.bytes}::bigint,
             node = CASE WHEN c ? 'node' THEN c ->> 'node' ELSE node END,
             plan = coalesce(c -> 'plan', plan), plan_steps = coalesce(c -> 'planSteps', plan_steps), usage = coalesce(c -> 'usage', usage),
             sandbox = coalesce(c -> 'sandbox', sandbox), timings = coalesce(c -> 'timings', timings),
             resume = coalesce(c -> 'resume', resume),
             agent_seq = greatest(agent_seq, coalesce((c -> 'agentSeq')::bigint, 0))
        FROM change
       WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch} AND status = 'running'
         AND last_seq = ${base}
      RETURNING id, attempt, ${base}::bigint AS base
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, node, step, stream, text, continued, body)
      SELECT job.id, job.base + e.position, job.attempt, e.type, e.node, e.step, e.stream, e.text, e.continued::boolean, e.body::jsonb
        FROM job, unnest(${columns.types}::text[], ${columns.nodes}::text[], ${columns.steps}::integer[],
                         ${columns.streams}::text[], ${columns.texts}::text[], ${columns.continued}::text[],
                         ${columns.bodies}::text[])
             WITH ORDINALITY AS e (type, node, step, stream, text, continued, body, position)
    )${keptPlans(sql, columns)}
    SELECT base FROM job`);
  const last = base + events.length;
  if (rows.length === 0 && !(await wasAppended(sql, { jobId, attempt, owner, epoch }, last)))
    return fail("lease_lost");
  if (events.length > 0) notifyEvents(sql, jobId);
  return succeed(last);
}

/** Most batches have none, and are spared the statement. */
function keptPlans(sql: Sql, { plans }: EventColumns): PendingQuery<Row[]> {
  if (plans.places.length === 0) return sql``;
  return sql`, plan AS (
      INSERT INTO job_plans (job_id, seq, steps)
      SELECT job.id, job.base + p.place, p.steps::jsonb
        FROM job, unnest(${plans.places}::integer[], ${plans.steps}::text[]) AS p (place, steps)
    )`;
}

/** After a connection broke in mid-statement, a second try finds its own rows there already. */
async function wasAppended(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
  last: number,
): Promise<boolean> {
  const rows = await within(sql`
    SELECT FROM jobs
     WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch} AND status = 'running'
       AND last_seq = ${last}`);
  return rows.length > 0;
}
