import type { PendingQuery, Row } from "postgres";
import type { Actor } from "../domain/access.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

/**
 * Deletes an ended Job: its row and the idempotency key that is bound to it go in this one statement, so that every
 * reader finds it gone at once; its Events and its Archive are noted in `removals` by the same statement. Where `by` is
 * given, only a Job of that tenant is there, and the deletion goes into the audit trail.
 */
export async function deleteJob(
  sql: Sql,
  jobId: string,
  by: Actor | null = null,
): Promise<Result<void, "job_not_found" | "not_finished">> {
  const named = sql`id = ${jobId}::uuid AND (${by === null} OR tenant = ${by?.tenant ?? ""})`;
  const due = sql`SELECT id FROM jobs WHERE ${named} AND finished_at IS NOT NULL FOR UPDATE`;
  const gone = await within(removeRows(sql, due, by));
  if (gone.length > 0) {
    // Whoever follows its Events looks, and finds no more.
    notifyEvents(sql, jobId);
    return succeed(undefined);
  }
  const rows = await within(sql`SELECT FROM jobs WHERE ${named}`);
  return fail(rows.length === 0 ? "job_not_found" : "not_finished");
}

/** Deletes up to `limit` Jobs that expired more than `days` days ago, and gives their number. */
export async function deleteOldJobs(sql: Sql, days: number, limit: number): Promise<number> {
  const due = sql`
    SELECT id FROM jobs
     WHERE expired_at < (SELECT longshore_now()) - make_interval(days => ${days}::integer)
     ORDER BY expired_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  const gone = await within(removeRows(sql, due));
  return gone.length;
}

/** A Job that has expired may be in `removals` already, half way: that one goes on. */
function removeRows(sql: Sql, due: PendingQuery<Row[]>, by: Actor | null = null): PendingQuery<Row[]> {
  return sql`
    WITH due AS MATERIALIZED (${due}), gone AS (
      DELETE FROM jobs WHERE id = ANY (ARRAY(SELECT id FROM due))
      RETURNING id, tenant, archive_key, last_seq, events_deleted_at
    ), keys AS (
      DELETE FROM idempotency_keys WHERE job_id = ANY (ARRAY(SELECT id FROM gone))
    ), noted AS (
      INSERT INTO removals (job_id, archive_key, events_left)
      SELECT id, archive_key, last_seq FROM gone WHERE events_deleted_at IS NULL
      ON CONFLICT (job_id) DO NOTHING
    ), told AS (
      INSERT INTO audit_events (action, tenant, key_id, job_id, request_id)
      SELECT 'job.deleted', tenant, ${by?.keyId ?? null}::uuid, id, ${by?.requestId ?? null}::text FROM gone
       WHERE ${by !== null}
    )
    SELECT FROM gone`;
}
