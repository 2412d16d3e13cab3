import type { NewEvent } from "../contracts/event.ts";
import type { TimingsView } from "../contracts/job-view.ts";
import { toFailureView } from "../contracts/job-failure-view.ts";
import type { StoredPlan } from "../contracts/plan.ts";
import type { Archive } from "../domain/job.ts";
import type { JobFailure } from "../domain/failure.ts";
import type { TerminalStatus } from "../domain/job-state.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { toEventColumns } from "./event-columns.ts";
import type { Fence } from "./fence.ts";
import { notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

/** How a Job ends, once and for all. */
export interface JobEnd {
  readonly status: TerminalStatus;
  readonly failure: JobFailure | null;
  readonly archive: Archive | null;
  /** With no Step pending or running; null where there never was a plan. */
  readonly plan: StoredPlan | null;
  readonly timings: TimingsView;
  /** What {@link settleEnd} gave. */
  readonly finishedAt: Date;
  readonly retentionDays: number;
}

/**
 * Writes the terminal state with the last Events (`state`, `end`) in one fenced statement. Fails with `lease_lost`
 * where the fence does not hold, or something else than `status` was settled.
 */
export async function endJob(sql: Sql, fence: Fence, end: JobEnd): Promise<Result<void, "lease_lost">> {
  const columns = toEventColumns(lastEvents(fence, end));
  const { archive, failure } = end;
  const rows = await within(sql`
    WITH job AS (
      UPDATE jobs
         SET status = ${end.status}, node = NULL, lease_owner = NULL, lease_until = NULL,
             failure = ${failure === null ? null : JSON.stringify(failure)}::text::jsonb,
             plan = coalesce(${end.plan === null ? null : JSON.stringify(end.plan)}::text::jsonb, plan),
             settled_status = NULL, settled = NULL, resume = NULL, finished_at = ${end.finishedAt}::timestamptz,
             expires_at = ${end.finishedAt}::timestamptz + make_interval(days => ${end.retentionDays}::integer),
             archive_key = ${archive?.key ?? null}, archive_bytes = ${archive?.bytes ?? null}::bigint,
             archive_sha256 = ${archive?.sha256 ?? null}, output_files = ${archive?.outputFiles ?? null}::integer,
             output_bytes = ${archive?.outputBytes ?? null}::bigint,
             timings = ${JSON.stringify(end.timings)}::text::jsonb,
             last_seq = last_seq + 2
       WHERE id = ${fence.jobId}::uuid AND attempt = ${fence.attempt} AND lease_owner = ${fence.owner}::uuid AND lease_epoch = ${fence.epoch}
         AND status = 'running' AND settled_status = ${end.status}
      RETURNING id, attempt, last_seq - 2 AS base
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT job.id, job.base + e.position, job.attempt, e.type, e.body::jsonb
        FROM job, unnest(${columns.types}::text[], ${columns.bodies}::text[])
             WITH ORDINALITY AS e (type, body, position)
    )
    SELECT base FROM job`);
  if (rows.length === 0) return fail("lease_lost");
  notifyEvents(sql, fence.jobId);
  return succeed(undefined);
}

function lastEvents({ attempt }: Fence, { status, failure }: JobEnd): readonly NewEvent[] {
  return [
    { type: "state", body: { status, node: null, attempt } },
    { type: "end", body: { status, failure: failure === null ? null : toFailureView(failure) } },
  ];
}
