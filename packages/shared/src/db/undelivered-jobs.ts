import type { Message } from "../contracts/message.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** An Attempt that is due; `dispatched` where it was given to the queue before. */
export interface Undelivered {
  readonly message: Message;
  readonly dispatched: boolean;
}

/**
 * Attempts that are due and were not given to the queue, or so long ago (`reofferAfterSeconds`) that their Message may
 * have been lost. Oldest first, at most `limit`.
 */
export async function findUndelivered(
  sql: Sql,
  options: { readonly reofferAfterSeconds: number; readonly limit: number },
): Promise<readonly Undelivered[]> {
  const rows = await within(sql<(Message & { dispatched: boolean })[]>`
    SELECT id AS job_id, attempt, dispatched_at IS NOT NULL AS dispatched FROM jobs
     WHERE status = 'queued' AND run_after <= longshore_now()
       AND (dispatched_at IS NULL
            OR dispatched_at < longshore_now() - make_interval(secs => ${options.reofferAfterSeconds}))
     ORDER BY dispatched_at NULLS FIRST, run_after
     LIMIT ${options.limit}`);
  return rows.map(({ dispatched, ...message }) => ({ message, dispatched }));
}

/**
 * Notes that these Messages are in the queue. A row that somebody else has in hand is passed over: it is being noted by
 * another, or taken, and else is offered once more, which changes nothing. Two that note the same ones in another order
 * would wait for each other for ever.
 */
export async function markDispatched(sql: Sql, messages: readonly Message[]): Promise<void> {
  await within(sql`
    WITH sent AS MATERIALIZED (
      SELECT jobs.id FROM jobs
        JOIN unnest(${messages.map((message) => message.jobId)}::uuid[],
                    ${messages.map((message) => message.attempt)}::integer[]) AS sent (id, attempt)
             ON jobs.id = sent.id AND jobs.attempt = sent.attempt
       WHERE jobs.status = 'queued'
         FOR NO KEY UPDATE OF jobs SKIP LOCKED)
    UPDATE jobs SET dispatched_at = longshore_now() WHERE id = ANY (ARRAY(SELECT id FROM sent))`);
}
