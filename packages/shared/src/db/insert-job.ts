import { noTimings } from "../contracts/job-view.ts";
import { noUsage } from "../contracts/usage.ts";
import type { JobRequest, StoredRequest } from "../contracts/schedule-request.ts";
import { type Caller, localTenant } from "../domain/access.ts";
import {
  noTenantLimits,
  type TenantLimitCode,
  type TenantLimitReached,
  type TenantLimits,
} from "../domain/tenant-limits.ts";
import type { SealedText } from "../runtime/secret-box.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { toJson } from "./to-json.ts";
import { within } from "./within.ts";

export interface NewJob {
  readonly id: string;
  /** Of a Job with secrets no more is stored of it in clear than its bounds, its prompt and its metadata. */
  readonly request: JobRequest;
  /** With the request as it is to be run. Null, or left out, where the Job has none. */
  readonly secrets?: SealedText | null;
  /** Whose it is. */
  readonly caller: Caller;
  /** Null where the client sent no Idempotency-Key. Keys belong to the tenant. */
  readonly idempotency: BoundKey | null;
  /** What the service lets a tenant use, unless the database says otherwise of this one; without bounds if left out. */
  readonly tenantLimits?: TenantLimits;
}

/** An Idempotency-Key, and what tells whether another body is the same. */
export interface BoundKey {
  readonly key: string;
  readonly bodySha256: string;
  /** Other digests of the same body, by keys of before: a Job that was stored with one of them is the same. */
  readonly formerSha256?: readonly string[];
}

export type NotInserted = "idempotency_conflict" | TenantLimitReached;

export type InsertedJob =
  | { readonly type: "created"; readonly createdAt: Date }
  | { readonly type: "replayed"; readonly jobId: string };

/**
 * Stores the Job, its first Event and its idempotency key in one statement: the row is its own outbox, and a 202
 * may be sent once this resolves. Keys are bound for 24 h. Fails with `idempotency_conflict` where the key is
 * bound to another body, and where the tenant is at one of its limits, which a replay is not held against.
 */
export async function insertJob(sql: Sql, job: NewJob): Promise<Result<InsertedJob, NotInserted>> {
  // Twice, because the key's row may be removed by the sweep between the two statements of one try.
  for (let tries = 0; tries < 2; tries += 1) {
    const { createdAt, refusal, retrySeconds } = await insertUnlessBound(sql, job);
    if (createdAt !== null) return succeed({ type: "created", createdAt });
    if (refusal !== null) return fail({ code: refusal, retryAfterSeconds: retrySeconds });
    const bound = await readBound(sql, job);
    if (bound === null) continue;
    if (!isSameBody(bound.bodySha256, job.idempotency)) return fail("idempotency_conflict");
    return succeed({ type: "replayed", jobId: bound.jobId });
  }
  throw new Error("an idempotency key was bound and unbound twice within one request");
}

function isSameBody(stored: string, bound: BoundKey | null): boolean {
  return bound !== null && [bound.bodySha256, ...(bound.formerSha256 ?? [])].includes(stored);
}

/** What a Job with secrets does is sealed with them: any text of it may hold one. */
function inClear(request: JobRequest, secrets: SealedText | null): StoredRequest {
  if (secrets === null) return request;
  const { limits, max_turns, max_attempts } = request;
  return { limits, max_turns, max_attempts };
}

/** No time and no refusal: the key is bound. */
type Outcome =
  | { readonly createdAt: Date; readonly refusal: null; readonly retrySeconds: null }
  | { readonly createdAt: null; readonly refusal: TenantLimitCode; readonly retrySeconds: number }
  | { readonly createdAt: null; readonly refusal: null; readonly retrySeconds: null };

async function insertUnlessBound(
  sql: Sql,
  { id, request, secrets, caller, idempotency, tenantLimits = noTenantLimits }: NewJob,
): Promise<Outcome> {
  const state = { status: "queued", node: null, attempt: 1 };
  const { unfinished, queued, perMinute, storedMb } = tenantLimits;
  const rows = await within(sql<Outcome[]>`
    WITH admitted AS MATERIALIZED (
      SELECT refusal, retry_seconds
        FROM longshore_admit(${caller.tenant}, ${unfinished}::integer, ${queued}::integer, ${perMinute}::integer,
                             ${storedMb}::integer, ${keyHolder(caller)}, ${idempotency?.key ?? null})
    ), bound AS (
      INSERT INTO idempotency_keys (caller, key, body_sha256, job_id)
      SELECT ${keyHolder(caller)}, ${idempotency?.key ?? null}, ${idempotency?.bodySha256 ?? null}, ${id}::uuid
        FROM admitted WHERE refusal IS NULL AND ${idempotency !== null}
      ON CONFLICT (caller, key) DO UPDATE
         SET body_sha256 = excluded.body_sha256, job_id = excluded.job_id, created_at = excluded.created_at
       WHERE idempotency_keys.created_at < longshore_now() - interval '24 hours'
      RETURNING job_id
    ), job AS (
      INSERT INTO jobs (id, tenant, owner_key_id, max_attempts, prompt, metadata, request, usage, timings, last_seq,
                        secrets, secrets_key_id)
      SELECT ${id}::uuid, ${caller.tenant}, ${caller.keyId}::uuid, ${request.max_attempts}::integer, ${request.prompt ?? null}::text,
             ${sql.json(request.metadata)}::jsonb, ${sql.json(toJson(inClear(request, secrets ?? null)))}::jsonb,
             ${sql.json(toJson(noUsage))}::jsonb, ${sql.json(toJson(noTimings))}::jsonb, 1,
             ${secrets?.bytes ?? null}::bytea, ${secrets?.keyId ?? null}
        FROM admitted WHERE refusal IS NULL AND (${idempotency === null} OR EXISTS (SELECT FROM bound))
      RETURNING id, created_at
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT id, 1, 1, 'state', ${sql.json(state)}::jsonb FROM job
    )
    SELECT (SELECT created_at FROM job), refusal, retry_seconds FROM admitted`);
  return rows[0] ?? { createdAt: null, refusal: null, retrySeconds: null };
}

async function readBound(
  sql: Sql,
  { caller, idempotency }: NewJob,
): Promise<{ jobId: string; bodySha256: string } | null> {
  if (idempotency === null) return null;
  const rows = await within(sql<{ jobId: string; bodySha256: string }[]>`
    SELECT job_id, body_sha256 FROM idempotency_keys
     WHERE caller = ${keyHolder(caller)} AND key = ${idempotency.key}`);
  return rows[0] ?? null;
}

/** The tenant, as it stands beside its idempotency keys: versions before tenants wrote '' there, and still may. */
function keyHolder({ tenant }: Caller): string {
  return tenant === localTenant ? "" : tenant;
}
