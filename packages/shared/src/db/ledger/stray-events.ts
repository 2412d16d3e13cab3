import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

// As many go in one statement as the retention takes at once.
const eventsPerStatement = 10_000;

/** One page of the Jobs that have Events. */
export interface EventOwners {
  /** Where the next page begins; null after the last one. */
  readonly last: string | null;
  readonly jobs: number;
  /** Those that have no row, and whose Events nobody is about to remove. */
  readonly strays: readonly string[];
}

/**
 * The next `limit` Jobs that have Events, after `after` ('' for the first). Leaps from Job to Job in the index, so that a
 * Job with a million Events costs as much as one with two.
 */
export async function listEventOwners(sql: Sql, after: string, limit: number): Promise<EventOwners> {
  const rows = await within(sql<{ jobId: string; stray: boolean }[]>`
    WITH RECURSIVE owner AS (
      (SELECT job_id FROM job_events WHERE ${after} = '' OR job_id > nullif(${after}, '')::uuid
        ORDER BY job_id LIMIT 1)
      UNION ALL
      SELECT (SELECT job_id FROM job_events WHERE job_events.job_id > owner.job_id ORDER BY job_id LIMIT 1)
        FROM owner WHERE owner.job_id IS NOT NULL
    )
    SELECT job_id, NOT EXISTS (SELECT FROM jobs WHERE id = page.job_id)
                   AND NOT EXISTS (SELECT FROM removals WHERE removals.job_id = page.job_id) AS stray
      FROM (SELECT job_id FROM owner WHERE job_id IS NOT NULL LIMIT ${limit}) AS page`);
  return {
    last: rows.length < limit ? null : (rows.at(-1)?.jobId ?? null),
    jobs: rows.length,
    strays: rows.filter(({ stray }) => stray).map(({ jobId }) => jobId),
  };
}

/** Removes the Events of a Job that has no row, some thousands a statement, from the last one down; gives their number. */
export async function deleteStrayEvents(sql: Sql, jobId: string): Promise<number> {
  for (let deleted = 0; ;) {
    const { count } = await within(sql`
      DELETE FROM job_events
       WHERE job_id = ${jobId}::uuid AND NOT EXISTS (SELECT FROM jobs WHERE id = ${jobId}::uuid)
         AND seq > (SELECT max(seq) FROM job_events WHERE job_id = ${jobId}::uuid) - ${eventsPerStatement}::bigint`);
    if (count === 0) return deleted;
    deleted += count;
  }
}
