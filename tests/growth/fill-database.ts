import { randomUUID } from "node:crypto";
import { noTimings } from "@longshore/shared/contracts/job-view";
import { noUsage } from "@longshore/shared/contracts/usage";
import type { Sql } from "@longshore/shared/db/connect-database";
import { storeManyEndedJobs, withoutTimeout } from "../support/ended-jobs.ts";

/** Jobs that wait, some of them given to the queue, and Jobs that run with a Lease that is good. */
export const queued = 400;
export const running = 50;
const failed = 600;

/**
 * Fills an empty database as one is that has been used for long: nearly all Jobs have ended, some wait, some run. Its server
 * does not know yet how much it holds.
 */
export async function fillDatabase(sql: Sql, ended: number): Promise<void> {
  await storeManyEndedJobs(sql, ended - failed, "uncounted");
  await storeFailedJobs(sql);
  await sql`
    INSERT INTO jobs (id, tenant, status, max_attempts, prompt, metadata, request, usage, timings, dispatched_at, started_at,
                      attempt_started_at, lease_owner, lease_until, last_seq)
    SELECT gen_random_uuid(), CASE WHEN n % 4 = 0 THEN 'rival' ELSE 'local' END, CASE WHEN runs THEN 'running' ELSE 'queued' END,
           3, 'say ' || n, jsonb_build_object('n', n::text), '{}', ${sql.json(noUsage)}::jsonb, ${sql.json(noTimings)}::jsonb,
           CASE WHEN n % 2 = 0 THEN longshore_now() END, CASE WHEN runs THEN longshore_now() END,
           CASE WHEN runs THEN longshore_now() END, CASE WHEN runs THEN ${randomUUID()}::uuid END,
           CASE WHEN runs THEN longshore_now() + interval '1 hour' END, 1
      FROM generate_series(1, ${queued + running}::integer) AS n, LATERAL (SELECT n <= ${running} AS runs) AS which`;
  await withoutTimeout(
    sql,
    (within) => within`
    INSERT INTO idempotency_keys (caller, key, body_sha256, job_id)
    SELECT '', 'key-' || n, repeat('ab', 32), gen_random_uuid() FROM generate_series(1, ${ended}::integer) AS n`,
  );
  // Whoever is the first to read a row that was just written marks it as such, and has it written once more.
  await withoutTimeout(sql, (within) => within`SELECT count(prompt) FROM jobs`);
}

/** One each second up to now, by two codes in turn. */
async function storeFailedJobs(sql: Sql): Promise<void> {
  await sql`
    INSERT INTO jobs (id, status, max_attempts, prompt, metadata, request, usage, timings, failure, created_at, started_at,
                      attempt_started_at, finished_at, expires_at, last_seq)
    SELECT gen_random_uuid(), 'failed', 3, 'fail', '{}', '{}', ${sql.json(noUsage)}::jsonb, ${sql.json(noTimings)}::jsonb,
           jsonb_build_object('code', CASE WHEN n % 2 = 0 THEN 'step_failed' ELSE 'timeout' END, 'message', 'x', 'step', null),
           ended, ended, ended, ended, ended + interval '7 days', 2
      FROM generate_series(1, ${failed}::integer) AS n,
           LATERAL (SELECT longshore_now() - make_interval(secs => n) AS ended) AS times`;
}
