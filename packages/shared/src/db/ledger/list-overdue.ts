import type { Message } from "../../contracts/message.ts";
import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** How many Jobs wait: those that are due, and those of them that were never given to the queue. */
export async function countWaiting(
  sql: Sql,
): Promise<{ readonly due: number; readonly later: number; readonly undelivered: number }> {
  const rows = await within(sql<{ due: number; later: number; undelivered: number }[]>`
    SELECT count(*) FILTER (WHERE run_after <= now.at) AS due, count(*) FILTER (WHERE run_after > now.at) AS later,
           count(*) FILTER (WHERE run_after <= now.at AND dispatched_at IS NULL) AS undelivered
      FROM jobs, (SELECT longshore_now() AS at) AS now WHERE status = 'queued'`);
  return rows[0] ?? { due: 0, later: 0, undelivered: 0 };
}

/** A due Attempt that has waited long; `dispatched` where it was given to the queue, a while ago. */
export type Overdue = Message & { readonly dispatched: boolean; readonly seconds: number };

/**
 * Attempts that have been due for `undeliveredSeconds` and were never given to the queue, and those that were given to it
 * for the last time `dispatchedSeconds` ago: it may have lost them. Oldest first, at most `limit`.
 */
export async function listOverdue(
  sql: Sql,
  options: {
    readonly undeliveredSeconds: number;
    readonly dispatchedSeconds: number;
    readonly limit: number;
  },
): Promise<readonly Overdue[]> {
  return within(sql<Overdue[]>`
    SELECT id AS job_id, attempt, dispatched_at IS NOT NULL AS dispatched,
           extract(epoch FROM longshore_now() - coalesce(dispatched_at, run_after))::float8 AS seconds
      FROM jobs
     WHERE status = 'queued'
       AND run_after < (SELECT longshore_now()) - make_interval(secs => ${options.undeliveredSeconds}::float8)
       AND (dispatched_at IS NULL
            OR dispatched_at < (SELECT longshore_now()) - make_interval(secs => ${options.dispatchedSeconds}::float8))
     ORDER BY dispatched_at NULLS FIRST, run_after
     LIMIT ${options.limit}`);
}
