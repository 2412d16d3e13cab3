import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

/** When and how a Job is to be tried again. `reason` becomes a `system` line of its log. */
export interface NextAttempt {
  readonly delayMs: number;
  readonly countsAsFailed: boolean;
  readonly reason: string;
}

/**
 * Gives the Lease up and queues the Job's next Attempt, not before `delayMs` from now. Its Message is due (the row is
 * its own outbox). Gives the number of the new Attempt, or `lease_lost` where the fence does not hold, or a cancel was
 * asked for meanwhile: the Job is then to be ended, not tried again.
 */
export async function requeueJob(
  sql: Sql,
  fence: Fence,
  next: NextAttempt,
): Promise<Result<number, "lease_lost" | "cancel_requested">> {
  const rows = await within(sql<{ attempt: number }[]>`
    WITH job AS (
      UPDATE jobs
         SET status = 'queued', node = NULL, lease_owner = NULL, lease_until = NULL, plan = NULL, plan_steps = NULL, sandbox = NULL,
             settled_status = NULL, settled = NULL, resume = NULL, engine_id = NULL,
             attempt = attempt + 1, failed_attempts = failed_attempts + ${next.countsAsFailed ? 1 : 0}::integer,
             run_after = longshore_now() + make_interval(secs => ${next.delayMs / 1_000}), dispatched_at = NULL,
             last_seq = last_seq + 2
       WHERE id = ${fence.jobId}::uuid AND attempt = ${fence.attempt} AND lease_owner = ${fence.owner}::uuid AND lease_epoch = ${fence.epoch}
         AND status = 'running' AND cancel_requested_at IS NULL
      RETURNING id, attempt, last_seq
    ), line AS (
      INSERT INTO job_events (job_id, seq, attempt, type, stream, text)
      SELECT id, last_seq - 1, attempt - 1, 'log', 'system', ${next.reason} FROM job
    ), state AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT id, last_seq, attempt, 'state', jsonb_build_object('status', 'queued', 'node', NULL, 'attempt', attempt)
        FROM job
    )
    SELECT attempt FROM job`);
  const attempt = rows[0]?.attempt;
  if (attempt === undefined) return fail(await whyNot(sql, fence));
  notifyEvents(sql, fence.jobId);
  return succeed(attempt);
}

async function whyNot(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
): Promise<"lease_lost" | "cancel_requested"> {
  const rows = await within(sql`
    SELECT FROM jobs WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch}`);
  return rows.length === 0 ? "lease_lost" : "cancel_requested";
}
