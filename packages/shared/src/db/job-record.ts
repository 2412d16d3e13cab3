import { type Archive, type JobState } from "../domain/job.ts";
import type { jobs } from "./schema.ts";

export type JobRow = typeof jobs.$inferSelect;

type ReadableRow = Omit<JobRow, "request" | "planSteps" | "secrets" | "secretsKeyId">;

/** A Job as it is read: its state, which decides what else is there, and the facts that every Job has. */
export interface JobRecord {
  readonly id: string;
  /** Whose it is. */
  readonly tenant: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly failedAttempts: number;
  readonly maxAttempts: number;
  readonly prompt: string | null;
  readonly metadata: JobRow["metadata"];
  readonly plan: JobRow["plan"];
  readonly usage: JobRow["usage"];
  readonly timings: JobRow["timings"];
  readonly sandbox: JobRow["sandbox"];
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly attemptStartedAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  readonly lastSeq: number;
  readonly agentSeq: number;
}

/** Reads a row; throws where it breaks an invariant that the table's own CHECKs hold. */
export function toJobRecord(row: ReadableRow): JobRecord {
  const { id, attempt, failedAttempts, maxAttempts, prompt, metadata, plan, usage, timings, sandbox } = row;
  const { tenant, createdAt, startedAt, attemptStartedAt, cancelRequestedAt, lastSeq, agentSeq } = row;
  return {
    ...{ id, attempt, failedAttempts, maxAttempts, prompt, metadata, plan, usage, timings, sandbox },
    ...{ tenant, createdAt, startedAt, attemptStartedAt, cancelRequestedAt, lastSeq, agentSeq },
    state: toState(row),
  };
}

function toState(row: ReadableRow): JobState {
  if (row.status === "queued") return { status: "queued" };
  if (row.status === "running") {
    const lease = { owner: present(row.leaseOwner, row.id), until: present(row.leaseUntil, row.id) };
    return { status: "running", lease, node: row.node };
  }
  const ended = {
    finishedAt: present(row.finishedAt, row.id),
    expiresAt: present(row.expiresAt, row.id),
    expiredAt: row.expiredAt,
  };
  const archive = toArchive(row);
  if (row.status === "succeeded") return { ...ended, status: "succeeded", archive: present(archive, row.id) };
  if (row.status === "cancelled") return { ...ended, status: "cancelled", archive };
  return { ...ended, status: "failed", archive, failure: present(row.failure, row.id) };
}

function toArchive(row: ReadableRow): Archive | null {
  if (row.archiveKey === null) return null;
  return {
    key: row.archiveKey,
    bytes: present(row.archiveBytes, row.id),
    sha256: present(row.archiveSha256, row.id),
    outputFiles: present(row.outputFiles, row.id),
    outputBytes: present(row.outputBytes, row.id),
  };
}

function present<Value>(value: Value | null, jobId: string): Value {
  if (value === null) throw new Error(`the row of job ${jobId} breaks its own CHECKs`);
  return value;
}
