import type { InsertedJob, NewJob, NotInserted } from "@longshore/shared/db/insert-job";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { ScheduleRequest } from "@longshore/shared/contracts/schedule-request";
import type { Message } from "@longshore/shared/contracts/message";
import type { Caller, OwnJob } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import type { JobStatus } from "@longshore/shared/domain/job-state";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { TenantLimits } from "@longshore/shared/domain/tenant-limits";
import type { SecretBox } from "@longshore/shared/runtime/secret-box";
import { keepSecrets } from "./keep-secrets.ts";

export interface SubmitJobDeps {
  readonly insertJob: (job: NewJob) => Promise<Result<InsertedJob, NotInserted>>;
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  /** False where the disk of the archives is nearly full. */
  readonly hasRoom: () => Promise<boolean>;
  readonly tenantLimits: TenantLimits;
  /** Null where this part has no key to keep secrets with. */
  readonly secretBox: SecretBox | null;
  /** Gives the Message to the queue, off the answer's path. */
  readonly dispatch: (message: Message) => void;
}

export interface SubmittedJob {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly createdAt: Date;
  /** True where the key was bound already: nothing new was stored. */
  readonly replayed: boolean;
}

export type NotSubmitted = NotInserted | "storage_full" | "secrets_unconfigured";

/**
 * Stores the Job: once this resolves it is on disk. The row is the outbox: a sweep offers again what the queue did not
 * get. Refused with `storage_full` before anything is stored: a Job that is accepted has room for its Archive.
 */
export function createSubmitJob(deps: SubmitJobDeps) {
  const { insertJob, readJob, hasRoom, dispatch, secretBox, tenantLimits } = deps;
  return async (
    given: ScheduleRequest,
    caller: Caller,
    /** `body` is the request as it came, as JSON. */
    keyed: { readonly key: string; readonly body: unknown } | null,
  ): Promise<Result<SubmittedJob, NotSubmitted>> => {
    if (!(await hasRoom())) return fail("storage_full");
    const kept = keepSecrets(given, secretBox);
    if (!kept.ok) return kept;
    const { request, seal, bodyDigests } = kept.value;
    const idempotency = keyed === null ? null : { key: keyed.key, ...bodyDigests(keyed.body) };
    // Twice, because the Job of a key may be deleted, and the key with it, between the two statements of one try.
    for (let tries = 0; tries < 2; tries += 1) {
      const id = newJobId();
      const inserted = await insertJob({ id, request, secrets: seal(id), caller, idempotency, tenantLimits });
      if (!inserted.ok) return inserted;
      if (inserted.value.type === "created") {
        dispatch({ jobId: id, attempt: 1 });
        return succeed({ jobId: id, status: "queued", createdAt: inserted.value.createdAt, replayed: false });
      }
      const job = await readJob({ tenant: caller.tenant, jobId: inserted.value.jobId });
      if (job === null) continue;
      return succeed({ jobId: job.id, status: job.state.status, createdAt: job.createdAt, replayed: true });
    }
    throw new Error("an idempotency key is bound to a job that is not there");
  };
}
