import { limitSettings, toLimitMaxima } from "@longshore/shared/config/limit-settings";
import { noTimings } from "@longshore/shared/contracts/job-view";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { scheduleRequest } from "@longshore/shared/contracts/schedule-request";
import { appendEvents } from "@longshore/shared/db/append-events";
import type { Sql } from "@longshore/shared/db/connect-database";
import { endJob } from "@longshore/shared/db/end-job";
import type { Fence } from "@longshore/shared/db/fence";
import { insertJob } from "@longshore/shared/db/insert-job";
import { settleEnd } from "@longshore/shared/db/settle-end";
import type { Archive } from "@longshore/shared/domain/job";
import { localCaller } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import { randomUUID } from "node:crypto";
import { takeLease } from "./take-lease.ts";

/** Stores a queued Job. */
export async function storeJob(sql: Sql, body: object = { prompt: "x" }): Promise<string> {
  const { secrets: _, ...request } = scheduleRequest(toLimitMaxima(limitSettings.parse({}))).parse(body);
  const id = newJobId();
  await insertJob(sql, { id, request, caller: localCaller, idempotency: null });
  return id;
}

/** Plays the worker: takes the Lease of a queued Job's first Attempt. */
export async function startJob(sql: Sql, jobId: string): Promise<Fence> {
  const attempt = { jobId, attempt: 1, owner: randomUUID() };
  const row = await takeLease(sql, attempt, { leaseSeconds: 60, engineId: null });
  if (row === null) throw new Error(`job ${jobId} cannot be taken`);
  return { ...attempt, epoch: row.leaseEpoch };
}

/** Appends log lines as a worker does. */
export async function printLines(
  sql: Sql,
  fence: Fence,
  lines: readonly string[],
  stream: "stdout" | "stderr" | "system" = "stdout",
): Promise<void> {
  const events = lines.map((text): NewEvent => ({
    type: "log",
    node: "shell",
    step: 1,
    stream,
    text,
    continued: false,
  }));
  await append(sql, fence, events);
}

export async function append(sql: Sql, fence: Fence, events: readonly NewEvent[]): Promise<void> {
  const [job] = await sql<{ lastSeq: number }[]>`SELECT last_seq FROM jobs WHERE id = ${fence.jobId}`;
  const appended = await appendEvents(sql, fence, job?.lastSeq ?? 0, events, {});
  if (!appended.ok) throw new Error(appended.failure);
}

/** Ends a running Job. A job that failed did so in its first Step. */
export async function finishJob(
  sql: Sql,
  fence: Fence,
  status: TerminalStatus,
  archive: Archive | null,
): Promise<void> {
  const failed = { code: "step_failed" as const, message: "step 1 exited with 3", step: 1 };
  const failure = status === "failed" ? failed : null;
  const settled = await settleEnd(sql, fence, { status, failure });
  if (!settled.ok) throw new Error(settled.failure);
  const ended = await endJob(sql, fence, {
    ...{ status, failure, archive, plan: null, timings: noTimings, retentionDays: 7 },
    finishedAt: settled.value.finishedAt,
  });
  if (!ended.ok) throw new Error(ended.failure);
}
