import { noTimings } from "@longshore/shared/contracts/job-view";
import { noUsage } from "@longshore/shared/contracts/usage";
import type postgres from "postgres";
import type { Sql } from "@longshore/shared/db/connect-database";
import { localTenant } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import { toJson } from "@longshore/shared/db/to-json";
import { newRequest } from "./stored-job.ts";

/** An ended Job as the tables hold one, whoever ended it. */
export interface EndedJob {
  /** Null where it ended without an archive. */
  readonly archive?: { readonly key: string; readonly bytes: number; readonly sha256?: string } | null;
  /** What its Events are said to take. */
  readonly eventBytes?: number;
  /** Lines of its log; there is a `state` before and an `end` after them. */
  readonly lines?: number;
  /** How long ago it ended, e.g. "3 days"; its retention is 7 days. */
  readonly endedAgo?: string;
  /** Whose it is; that of a service without keys where left out. */
  readonly tenant?: string;
}

/** Stores an ended Job with its Events and gives its id. */
export async function storeEndedJob(sql: Sql, job: EndedJob = {}): Promise<string> {
  const id = newJobId();
  const { archive = null, eventBytes = 0, lines = 3, endedAgo = "0 seconds", tenant = localTenant } = job;
  const last = lines + 2;
  await sql`
    INSERT INTO jobs (id, tenant, status, max_attempts, prompt, metadata, request, usage, timings, created_at, started_at,
                      attempt_started_at, finished_at, expires_at, cancel_requested_at, last_seq, archive_key,
                      archive_bytes, archive_sha256, output_files, output_bytes, event_bytes)
    SELECT ${id}::uuid, ${tenant}, ${archive === null ? "cancelled" : "succeeded"}, 3, 'x', '{}', ${sql.json(toJson(newRequest()))}::jsonb,
           ${sql.json(noUsage)}::jsonb, ${sql.json(noTimings)}::jsonb, ended, ended, ended, ended, ended + interval '7 days',
           CASE WHEN ${archive === null} THEN ended END, ${last}::bigint, ${archive?.key ?? null}, ${archive?.bytes ?? null}::bigint,
           ${archive === null ? null : (archive.sha256 ?? "ab".repeat(32))}, ${archive === null ? null : 1}::integer,
           ${archive?.bytes ?? null}::bigint, ${eventBytes}::bigint
      FROM (SELECT longshore_now() - ${endedAgo}::interval AS ended) AS times`;
  await sql`
    INSERT INTO job_events (job_id, seq, attempt, type, stream, text, body)
    SELECT ${id}::uuid, seq, 1, kind, CASE kind WHEN 'log' THEN 'stdout' END, CASE kind WHEN 'log' THEN 'line ' || seq END,
           CASE kind WHEN 'state' THEN '{"status":"queued","node":null,"attempt":1}'::jsonb
                     WHEN 'end' THEN '{"status":"succeeded","failure":null}'::jsonb END
      FROM generate_series(1, ${last}::bigint) AS seq,
           LATERAL (SELECT CASE seq WHEN 1 THEN 'state' WHEN ${last}::bigint THEN 'end' ELSE 'log' END AS kind) AS kinds`;
  return id;
}

/** Does in one transaction what takes longer than a statement may by itself. */
export async function withoutTimeout(
  sql: Sql,
  act: (sql: postgres.TransactionSql) => Promise<unknown>,
): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`SET LOCAL statement_timeout = 0`;
    await act(transaction);
  });
}

// A statement of a million would need as much memory for what its triggers are still to look at.
const jobsPerStatement = 10_000;

/**
 * Stores so many ended Jobs with two Events each, one ended each second up to now, the archive of each of 1,000 bytes. The
 * server is told to count what it has, unless it is to be left to itself.
 */
export async function storeManyEndedJobs(
  sql: Sql,
  count: number,
  counting: "counted" | "uncounted" = "counted",
): Promise<void> {
  for (let stored = 0; stored < count; stored += jobsPerStatement) {
    const last = Math.min(count, stored + jobsPerStatement);
    await withoutTimeout(
      sql,
      (within) => within`
      WITH job AS (
        INSERT INTO jobs (id, status, max_attempts, prompt, metadata, request, usage, timings, created_at, started_at,
                          attempt_started_at, finished_at, expires_at, last_seq, archive_key, archive_bytes,
                          archive_sha256, output_files, output_bytes)
        SELECT gen_random_uuid(), 'succeeded', 3, repeat('x', 300), '{}', '{}', ${sql.json(noUsage)}::jsonb,
               ${sql.json(noTimings)}::jsonb, ended, ended, ended, ended, ended + interval '7 days', 2,
               'many-' || n || '.zip', 1000, repeat('ab', 32), 1, 1000
          FROM generate_series(${stored + 1}::integer, ${last}::integer) AS n,
               LATERAL (SELECT longshore_now() - make_interval(secs => ${count}::integer - n) AS ended) AS times
        RETURNING id
      )
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT id, seq, 1, 'state', '{}' FROM job, generate_series(1, 2) AS seq`,
    );
  }
  if (counting === "counted") await countRows(sql);
}

/** Has the server count what its tables hold, by which it plans from then on: a database in use is counted by itself. */
export async function countRows(sql: Sql): Promise<void> {
  await withoutTimeout(sql, (within) => within`ANALYZE`);
}
