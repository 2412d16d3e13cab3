import type { Actor } from "../domain/access.ts";
import type { JobStatus } from "../domain/job-state.ts";
import type { Sql } from "./connect-database.ts";
import { cancelChannel, notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

/**
 * Cancels a queued Job at once, and marks a running one for its worker, which hears of it by NOTIFY or, if that got
 * lost, when it renews its Lease. Gives the status after it, or null where it changed nothing: the Job has ended, is
 * ending (its outcome is settled, only the archive is being written), or does not exist. Where `by` is given, only a Job
 * of that tenant does, and the first request goes into the audit trail.
 */
export async function requestCancel(
  sql: Sql,
  jobId: string,
  retentionDays: number,
  by: Actor | null = null,
): Promise<JobStatus | null> {
  const rows = await within(sql<{ status: JobStatus }[]>`
    WITH asked AS MATERIALIZED (
      SELECT id, cancel_requested_at IS NULL AS is_first FROM jobs
       WHERE id = ${jobId}::uuid AND (${by === null} OR tenant = ${by?.tenant ?? ""}) FOR UPDATE
    ), job AS (
      UPDATE jobs
         SET cancel_requested_at = coalesce(cancel_requested_at, longshore_now()),
             status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
             finished_at = CASE status WHEN 'queued' THEN longshore_now() END,
             expires_at = CASE status WHEN 'queued'
               THEN longshore_now() + make_interval(days => ${retentionDays}::integer) END,
             timings = CASE status WHEN 'queued' THEN jsonb_set(timings, '{total}',
               to_jsonb(greatest(0, round(extract(epoch FROM longshore_now() - created_at) * 1000)))) ELSE timings END,
             last_seq = last_seq + CASE status WHEN 'queued' THEN 3 ELSE 0 END
        FROM asked
       WHERE jobs.id = asked.id AND (status = 'queued' OR (status = 'running' AND settled_status IS NULL))
      RETURNING jobs.id, tenant, status, attempt, last_seq, cancel_requested_at, is_first
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body, stream, text)
      SELECT job.id, job.last_seq - 2 + e.position, job.attempt, e.type, e.body, e.stream, e.text
        FROM job, LATERAL (VALUES
               (0, 'log', NULL, 'system', 'cancel: requested while the job was queued; it has no container'),
               (1, 'state', jsonb_build_object('status', 'cancelled', 'node', NULL, 'attempt', job.attempt), NULL, NULL),
               (2, 'end', jsonb_build_object('status', 'cancelled', 'failure', NULL), NULL, NULL)
             ) AS e (position, type, body, stream, text)
       WHERE job.status = 'cancelled'
    ), audited AS (
      INSERT INTO audit_events (action, tenant, key_id, job_id, request_id)
      SELECT 'job.cancelled', tenant, ${by?.keyId ?? null}::uuid, id, ${by?.requestId ?? null}::text FROM job
       WHERE is_first AND ${by !== null}
    ), told AS (
      SELECT pg_notify(${cancelChannel}, id::text || ' ' || to_char(cancel_requested_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) FROM job WHERE status = 'running'
    )
    SELECT status, (SELECT count(*) FROM told) FROM job`);
  const status = rows[0]?.status ?? null;
  if (status === "cancelled") notifyEvents(sql, jobId);
  return status;
}
