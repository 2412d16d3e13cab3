import type { PendingQuery, Row } from "postgres";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

// Why `(SELECT longshore_now())` and not the function alone: it is volatile, and only what is worked out once can be
// looked for in an index. And why ANY and not a join: the planner does not know how small a LIMIT is, and would read the
// whole table for it.

/**
 * Expires up to `limit` ended Jobs whose retention is over, and gives their number. From here on nobody is given their
 * Events or Archives; what is left of both is noted in `removals`, in the same statement.
 */
export async function expireJobs(sql: Sql, limit: number): Promise<number> {
  const due = sql`
    SELECT id FROM jobs
     WHERE expired_at IS NULL AND finished_at IS NOT NULL AND expires_at < (SELECT longshore_now())
     ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return expire(sql, due);
}

/**
 * Expires up to `limit` Jobs, those that ended first, whose Archives and Events do not fit into `mostBytes` beside those
 * of the newer ones; gives their number. Added up from the newest on, so that sweepers beside each other never take more than one would.
 */
export async function expireOversize(sql: Sql, mostBytes: number, limit: number): Promise<number> {
  const newest = await findOversize(sql, mostBytes);
  if (newest === null) return 0;
  const due = sql`
    SELECT id FROM jobs
     WHERE expired_at IS NULL AND finished_at IS NOT NULL
       AND (finished_at, id) <= (${newest.endedAt}::text::timestamptz, ${newest.id}::uuid)
     ORDER BY finished_at, id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  return expire(sql, due);
}

interface Position {
  /** As the database writes it: a Date would lose its microseconds. */
  readonly endedAt: string;
  readonly id: string;
}

// So many are added up in one statement: it stays far below the time of one, however many Jobs there are.
const jobsPerStatement = 20_000;

/** The newest Job of which not all fits; null where all do. Reads no further than they fit. */
async function findOversize(sql: Sql, mostBytes: number): Promise<Position | null> {
  let before: Position = { endedAt: "infinity", id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };
  for (let left = mostBytes; ;) {
    const rows = await within(sql<(Position & { readonly total: number })[]>`
      WITH page AS MATERIALIZED (
        SELECT finished_at, id, kept_bytes FROM jobs
         WHERE expired_at IS NULL AND finished_at IS NOT NULL
           AND (finished_at, id) < (${before.endedAt}::text::timestamptz, ${before.id}::uuid)
         ORDER BY finished_at DESC, id DESC LIMIT ${jobsPerStatement}
      ), summed AS (
        SELECT finished_at, id, sum(kept_bytes) OVER down AS total, row_number() OVER down AS place
          FROM page WINDOW down AS (ORDER BY finished_at DESC, id DESC ROWS UNBOUNDED PRECEDING)
      )
      SELECT finished_at::text AS ended_at, id, total::bigint AS total FROM summed
       WHERE total > ${left}::bigint OR place = ${jobsPerStatement} ORDER BY place LIMIT 1`);
    const row = rows[0];
    if (row === undefined) return null;
    if (row.total > left) return row;
    left -= row.total;
    before = row;
  }
}

async function expire(sql: Sql, due: PendingQuery<Row[]>): Promise<number> {
  const rows = await within(sql`
    WITH due AS MATERIALIZED (${due}), expired AS (
      UPDATE jobs SET expired_at = longshore_now() WHERE id = ANY (ARRAY(SELECT id FROM due))
      RETURNING id, archive_key, last_seq
    ), noted AS (
      INSERT INTO removals (job_id, archive_key, events_left) SELECT id, archive_key, last_seq FROM expired
    )
    SELECT FROM expired`);
  return rows.length;
}

/** Forgets idempotency keys older than a day, at most `limit`. */
export async function expireIdempotencyKeys(sql: Sql, limit: number): Promise<void> {
  await within(sql`
    DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM idempotency_keys
       WHERE created_at < (SELECT longshore_now()) - interval '24 hours'
       ORDER BY created_at LIMIT ${limit} FOR UPDATE SKIP LOCKED))`);
}
