import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import type { JobRow } from "./job-record.ts";
import { within } from "./within.ts";

/**
 * Takes the Lease of a queued Job's Attempt and makes it running. Gives the whole row, or null where the Attempt is
 * not there to be taken (taken by another, ended, cancelled, of another number): the Message then means nothing.
 * `engineId` is the engine on which the Attempt's container will be, null where that is not known.
 */
export async function takeLease(
  sql: Sql,
  { jobId, attempt, owner }: Omit<Fence, "epoch">,
  { leaseSeconds, engineId }: { readonly leaseSeconds: number; readonly engineId: string | null },
): Promise<JobRow | null> {
  const rows = await within(sql<JobRow[]>`
    WITH job AS (
      UPDATE jobs
         SET status = 'running', lease_owner = ${owner}::uuid,
             lease_until = longshore_now() + make_interval(secs => ${leaseSeconds}),
             started_at = coalesce(started_at, longshore_now()), attempt_started_at = longshore_now(),
             agent_seq = 0, lease_epoch = 0, engine_id = ${engineId}, resume = NULL, last_seq = last_seq + 1,
             timings = jsonb_set(timings, '{queued}', to_jsonb(greatest(0, round(extract(epoch FROM
               coalesce(started_at, longshore_now()) - created_at) * 1000))))
       WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND status = 'queued' AND cancel_requested_at IS NULL
      RETURNING *
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT id, last_seq, attempt, 'state', jsonb_build_object('status', status, 'node', node, 'attempt', attempt)
        FROM job
    )
    SELECT * FROM job`);
  return rows[0] ?? null;
}
