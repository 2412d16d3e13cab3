import { isForeignKey, keyParts } from "./archive-key.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

// A Job's log may have millions of lines; so many go in well under the time of one statement on a slow disk.
const eventsPerStatement = 10_000;

/**
 * Removes the last some thousands of the Events that are left of one expired or deleted Job, the one that has waited
 * longest and that nobody else is at. False where there is none. Kept count of in the same statement: whatever is
 * killed, the next call goes on from there.
 */
export async function removeSomeEvents(sql: Sql): Promise<boolean> {
  const rows = await within(sql`
    WITH next AS MATERIALIZED (
      SELECT job_id, events_left FROM removals WHERE events_left > 0
       ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM job_events USING next
       WHERE job_events.job_id = next.job_id AND seq <= next.events_left
         AND seq > next.events_left - ${eventsPerStatement}::bigint
    )
    UPDATE removals SET events_left = greatest(0, next.events_left - ${eventsPerStatement}::bigint)
      FROM next WHERE removals.job_id = next.job_id
    RETURNING removals.job_id`);
  return rows.length > 0;
}

/** Up to `limit` keys of archives that are to be removed, in order, those after `after` ('' for the first). */
export async function findArchivesToRemove(
  sql: Sql,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await within(sql<{ archiveKey: string }[]>`
    SELECT archive_key FROM removals WHERE archive_key > ${after} ORDER BY archive_key LIMIT ${limit}`);
  return rows.map(({ archiveKey }) => archiveKey);
}

/** Notes that these archives are in the store no more. */
export async function noteArchivesRemoved(sql: Sql, keys: readonly string[]): Promise<void> {
  await within(sql`UPDATE removals SET archive_key = NULL WHERE archive_key = ANY (${[...keys]}::text[])`);
}

/**
 * Strikes off up to `limit` removals of which nothing is left to do, and gives their number. A Job whose row is still
 * there is marked as cleared before: two statements, for the two locks in one would meet those of a deletion crosswise.
 */
export async function closeRemovals(sql: Sql, limit: number): Promise<number> {
  const done = await within(sql<{ jobId: string }[]>`
    SELECT job_id FROM removals WHERE events_left = 0 AND archive_key IS NULL ORDER BY job_id LIMIT ${limit}`);
  if (done.length === 0) return 0;
  const ids = done.map(({ jobId }) => jobId);
  // A few rows of each.
  await within(sql`DELETE FROM job_plans WHERE job_id = ANY (${ids}::uuid[])`);
  // Here, when nobody writes any more: the last sample of an Attempt may have come late.
  await within(sql`DELETE FROM job_samples WHERE job_id = ANY (${ids}::uuid[])`);
  await within(sql`
    WITH cleared AS MATERIALIZED (
      SELECT id FROM jobs
       WHERE id = ANY (${ids}::uuid[]) AND expired_at IS NOT NULL AND events_deleted_at IS NULL FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs SET events_deleted_at = longshore_now() WHERE id = ANY (ARRAY(SELECT id FROM cleared))`);
  await within(sql`
    DELETE FROM removals
     WHERE job_id = ANY (${ids}::uuid[]) AND events_left = 0 AND archive_key IS NULL
       AND NOT EXISTS (SELECT FROM jobs WHERE id = job_id AND events_deleted_at IS NULL)`);
  return done.length;
}

/**
 * Of these archive keys those that nothing names: no Job that has not expired, no end that is settled and still to be
 * written, no removal that is under way. Those of another installation are never among them.
 */
export async function findUnreferencedArchives(
  sql: Sql,
  keys: readonly string[],
): Promise<readonly string[]> {
  // OFFSET: each key is looked up for itself. As a join, by what is known of an empty table, it looks at every Job.
  const rows = await within(sql<{ key: string }[]>`
    SELECT key FROM unnest(${[...keys]}::text[]) AS key, ${keyParts(sql)}
     WHERE NOT ${isForeignKey(sql)}
       AND NOT EXISTS (SELECT FROM jobs WHERE archive_key = key AND expired_at IS NULL OFFSET 0)
       AND NOT EXISTS (SELECT FROM removals WHERE archive_key = key)
       AND NOT EXISTS (
         SELECT FROM jobs WHERE status = 'running' AND settled #>> '{stored,archive,key}' = key)`);
  return rows.map(({ key }) => key);
}
