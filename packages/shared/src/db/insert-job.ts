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
import { DatabaseAway } from "./database-away.ts";
import { TenantRowHeld } from "./tenant-row-held.ts";
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
 * bound to another body, and where the tenant is at one of its limits, which a replay is not held against. Throws
 * {@link TenantRowHeld} where it would wait for a row that another holds for longer than two seconds.
 */
export async function insertJob(sql: Sql, job: NewJob): Promise<Result<InsertedJob, NotInserted>> {
  const [inserted] = await insertJobs(sql, [job]).catch((error: unknown) => {
    throw toHeld(error);
  });
  if (inserted === undefined) throw new Error("a job was neither stored nor refused");
  return inserted;
}

/**
 * As `insertJob`, of several in one statement: either it rejects, and none of them is stored, or each has its outcome.
 * Rejects where it would wait for a row that another holds for longer than 100 ms.
 */
export async function insertJobs(
  sql: Sql,
  jobs: readonly NewJob[],
): Promise<readonly Result<InsertedJob, NotInserted>[]> {
  const outcomes = await acceptAll(sql, jobs);
  return Promise.all(
    jobs.map(async (job) => {
      const outcome = toResult(job, outcomes.get(job.id));
      if (outcome !== null) return outcome;
      // Once more, because the sweep may remove the row of a key just when that is looked up.
      const again = toResult(job, (await acceptAll(sql, [job])).get(job.id));
      if (again !== null) return again;
      throw new Error("an idempotency key was bound and unbound twice within one request");
    }),
  );
}

/**
 * Of PostgreSQL's `lock_not_available` (55P03) whose lock it was: that of the tenant's own rows, or of all that there is, such
 * as a table that an operator holds. `where` has the statement of the function that waited.
 */
function toHeld(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "55P03") return error;
  const isOfTenant = "where" in error && /\b(?:tenant_use|idempotency_keys)\b/.test(String(error.where));
  return isOfTenant
    ? new TenantRowHeld({ cause: error })
    : new DatabaseAway("a table is held", { cause: error });
}

interface Accepted {
  readonly ofJob: string;
  readonly storedAt: Date | null;
  readonly refusal: TenantLimitCode | null;
  readonly retrySeconds: number | null;
  readonly boundJob: string | null;
  readonly boundSha256: string | null;
}

async function acceptAll(sql: Sql, jobs: readonly NewJob[]): Promise<ReadonlyMap<string, Accepted>> {
  const rows = await within(sql<Accepted[]>`
    SELECT * FROM longshore_accept(${sql.json(jobs.map(toEntry))}::jsonb, ${sql.json(toJson(noUsage))}::jsonb,
                                   ${sql.json(toJson(noTimings))}::jsonb)`);
  return new Map(rows.map((row) => [row.ofJob, row]));
}

/** Null where it is not known yet: what its key was bound to is gone. */
function toResult(
  { idempotency }: NewJob,
  accepted: Accepted | undefined,
): Result<InsertedJob, NotInserted> | null {
  if (accepted === undefined) return null;
  const { storedAt, refusal, retrySeconds, boundJob, boundSha256 } = accepted;
  if (storedAt !== null) return succeed({ type: "created", createdAt: storedAt });
  if (refusal !== null) return fail({ code: refusal, retryAfterSeconds: retrySeconds ?? 0 });
  if (boundJob === null || boundSha256 === null) return null;
  if (!isSameBody(boundSha256, idempotency)) return fail("idempotency_conflict");
  return succeed({ type: "replayed", jobId: boundJob });
}

function isSameBody(stored: string, bound: BoundKey | null): boolean {
  return bound !== null && [bound.bodySha256, ...(bound.formerSha256 ?? [])].includes(stored);
}

/** A Job as `longshore_accept` (migrations/0013) takes it. */
function toEntry({
  id,
  request,
  secrets = null,
  caller,
  idempotency,
  tenantLimits = noTenantLimits,
}: NewJob) {
  const { unfinished, queued, perMinute, storedMb } = tenantLimits;
  return toJson({
    ...{ id, tenant: caller.tenant, key_id: caller.keyId, max_attempts: request.max_attempts },
    ...{ prompt: request.prompt ?? null, metadata: request.metadata, request: inClear(request, secrets) },
    ...{ secrets: secrets?.bytes.toString("base64") ?? null, secrets_key_id: secrets?.keyId ?? null },
    ...{
      holder: keyHolder(caller),
      key: idempotency?.key ?? null,
      body_sha256: idempotency?.bodySha256 ?? null,
    },
    ...{ unfinished, queued, per_minute: perMinute, stored_mb: storedMb },
  });
}

/** What a Job with secrets does is sealed with them: any text of it may hold one. */
function inClear(request: JobRequest, secrets: SealedText | null): StoredRequest {
  if (secrets === null) return request;
  const { limits, max_turns, max_attempts } = request;
  return { limits, max_turns, max_attempts };
}

/** The tenant, as it stands beside its idempotency keys: versions before tenants wrote '' there, and still may. */
function keyHolder({ tenant }: Caller): string {
  return tenant === localTenant ? "" : tenant;
}
