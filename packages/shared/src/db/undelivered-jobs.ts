import type { Message } from "../contracts/message.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/**
 * Attempts that are due and were not given to the queue, or so long ago (`reofferAfterSeconds`) that their Message may
 * have been lost. Oldest first, at most `limit`.
 */
export async function findUndelivered(
  sql: Sql,
  options: { readonly reofferAfterSeconds: number; readonly limit: number },
): Promise<readonly Message[]> {
  return within(sql<Message[]>`
    SELECT id AS job_id, attempt FROM jobs
     WHERE status = 'queued' AND run_after <= longshore_now()
       AND (dispatched_at IS NULL
            OR dispatched_at < longshore_now() - make_interval(secs => ${options.reofferAfterSeconds}))
     ORDER BY dispatched_at NULLS FIRST, run_after
     LIMIT ${options.limit}`);
}

/** Notes that these Messages are in the queue. */
export async function markDispatched(sql: Sql, messages: readonly Message[]): Promise<void> {
  await within(sql`
    UPDATE jobs SET dispatched_at = longshore_now()
      FROM unnest(${messages.map((message) => message.jobId)}::uuid[],
                  ${messages.map((message) => message.attempt)}::integer[]) AS sent (id, attempt)
     WHERE jobs.id = sent.id AND jobs.attempt = sent.attempt AND jobs.status = 'queued'`);
}
