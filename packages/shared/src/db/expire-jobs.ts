import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** A Job that has just expired. */
export interface ExpiredJob {
  readonly jobId: string;
  /** To be removed from the blob store; null where the Job left no archive. */
  readonly archiveKey: string | null;
}

// A Job's log may have millions of lines; so many go in well under the time of one statement on a slow disk.
const eventsPerStatement = 10_000;
const jobsPerLook = 50;

/**
 * Marks up to `limit` ended Jobs whose retention is over as expired: nobody reads their Events from here on, and
 * {@link deleteExpiredEvents} removes them. A mark whose answer is lost leaves archives that no unexpired Job names.
 */
export async function expireJobs(sql: Sql, limit: number): Promise<readonly ExpiredJob[]> {
  return within(sql<ExpiredJob[]>`
    WITH due AS MATERIALIZED (
      SELECT id FROM jobs
       WHERE expired_at IS NULL AND finished_at IS NOT NULL AND expires_at < longshore_now()
       ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs SET expired_at = longshore_now() FROM due WHERE jobs.id = due.id
    RETURNING jobs.id AS job_id, archive_key`);
}

/**
 * Removes the Events of every expired Job, some thousands a statement, until none is left or `signal` aborts. What is
 * not done, for whatever reason, is found again by the next call: a Job is marked as cleared only after its last Event.
 */
export async function deleteExpiredEvents(sql: Sql, signal: AbortSignal): Promise<void> {
  for (;;) {
    const jobs = await within(sql<{ id: string; lastSeq: number }[]>`
      SELECT id, last_seq FROM jobs WHERE expired_at IS NOT NULL AND events_deleted_at IS NULL
       ORDER BY expired_at LIMIT ${jobsPerLook}`);
    for (const { id, lastSeq } of jobs) {
      for (let after = 0; after < lastSeq; after += eventsPerStatement) {
        if (signal.aborted) return;
        await within(sql`
          DELETE FROM job_events
           WHERE job_id = ${id}::uuid AND seq > ${after} AND seq <= ${after + eventsPerStatement}`);
      }
      await within(sql`
        UPDATE jobs SET events_deleted_at = longshore_now() WHERE id = ${id}::uuid AND events_deleted_at IS NULL`);
    }
    if (jobs.length < jobsPerLook || signal.aborted) return;
  }
}

/** Of these archive keys those that no unexpired Job names: nobody can reach them any more. */
export async function findUnreferencedArchives(
  sql: Sql,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await within(sql<{ key: string }[]>`
    SELECT key FROM unnest(${[...keys]}::text[]) AS key
     WHERE NOT EXISTS (SELECT FROM jobs WHERE archive_key = key AND expired_at IS NULL)`);
  return rows.map(({ key }) => key);
}

/** Forgets idempotency keys older than a day, at most `limit`. */
export async function expireIdempotencyKeys(sql: Sql, limit: number): Promise<void> {
  await within(sql`
    DELETE FROM idempotency_keys WHERE (caller, key) IN (
      SELECT caller, key FROM idempotency_keys
       WHERE created_at < longshore_now() - interval '24 hours' ORDER BY created_at LIMIT ${limit})`);
}
