import { randomUUID } from "node:crypto";
import { noTimings } from "@longshore/shared/contracts/job-view";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { type JobRequest, scheduleRequest } from "@longshore/shared/contracts/schedule-request";
import type { Sql } from "@longshore/shared/db/connect-database";
import { endJob } from "@longshore/shared/db/end-job";
import type { Fence } from "@longshore/shared/db/fence";
import { insertJob } from "@longshore/shared/db/insert-job";
import { settleEnd } from "@longshore/shared/db/settle-end";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { Archive } from "@longshore/shared/domain/job";
import { localCaller } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import { limitRanges } from "@longshore/shared/domain/limits";
import { takeLease } from "./take-lease.ts";

const maxima = {
  timeout_seconds: limitRanges.timeout_seconds.max,
  cpus: limitRanges.cpus.max,
  memory_mb: limitRanges.memory_mb.max,
  pids: limitRanges.pids.max,
  disk_mb: limitRanges.disk_mb.max,
  output_mb: limitRanges.output_mb.max,
  log_mb: limitRanges.log_mb.max,
  max_tokens: limitRanges.max_tokens.max,
};

/** A request as POST /schedule would store it. */
export function newRequest(body: Readonly<Record<string, unknown>> = {}): JobRequest {
  const { secrets: _, ...request } = scheduleRequest(maxima).parse({ prompt: "say hello", ...body });
  return request;
}

/** Stores a queued Job and gives its id. */
export async function storeJob(sql: Sql, body: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const id = newJobId();
  const stored = await insertJob(sql, {
    id,
    request: newRequest(body),
    caller: localCaller,
    idempotency: null,
  });
  if (!stored.ok) throw new Error(JSON.stringify(stored.failure));
  return id;
}

/** Stores a Job and takes the Lease of its first Attempt, for half a minute. */
export async function storeRunningJob(
  sql: Sql,
  body: Readonly<Record<string, unknown>> = {},
  owner: string = randomUUID(),
  engineId: string | null = null,
): Promise<Fence> {
  const attempt = { jobId: await storeJob(sql, body), attempt: 1, owner };
  const row = await takeLease(sql, attempt, { leaseSeconds: 30, engineId });
  if (row === null) throw new Error("the lease could not be taken");
  return { ...attempt, epoch: row.leaseEpoch };
}

/** An archive of nothing in particular. */
export const someArchive: Archive = {
  key: "0198/archive.zip",
  bytes: 900,
  sha256: "ab".repeat(32),
  outputFiles: 2,
  outputBytes: 1_204,
};

/** Ends a running Job as a worker does; one that fails does so in its first Step. */
export async function endStoredJob(
  sql: Sql,
  fence: Fence,
  status: TerminalStatus,
  archive: Archive | null = someArchive,
): Promise<void> {
  const failed: JobFailure = { code: "step_failed", message: "step 1 exited with 3", step: 1 };
  const failure = status === "failed" ? failed : null;
  const settled = await settleEnd(sql, fence, { status, failure });
  if (!settled.ok) throw new Error(settled.failure);
  const ended = await endJob(sql, fence, {
    status,
    failure,
    archive,
    plan: null,
    timings: noTimings,
    finishedAt: settled.value.finishedAt,
    retentionDays: 7,
  });
  if (!ended.ok) throw new Error(ended.failure);
}

/** Log lines of the first Step. */
export function logLines(...texts: string[]): NewEvent[] {
  return texts.map((text) => ({
    type: "log",
    node: "shell",
    step: 1,
    stream: "stdout",
    text,
    continued: false,
  }));
}
