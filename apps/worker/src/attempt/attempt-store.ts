import type { LogLine } from "@longshore/shared/contracts/log-line";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { appendEvents, type JobProgress } from "@longshore/shared/db/append-events";
import type { Database } from "@longshore/shared/db/connect-database";
import { endJob, type JobEnd } from "@longshore/shared/db/end-job";
import type { Fence } from "@longshore/shared/db/fence";
import type { JobRow } from "@longshore/shared/db/job-record";
import { type EventRow, readEvents } from "@longshore/shared/db/read-events";
import { renewLease } from "@longshore/shared/db/renew-lease";
import { type NextAttempt, requeueJob } from "@longshore/shared/db/requeue-job";
import { settleEnd, type SettledTimes } from "@longshore/shared/db/settle-end";
import { takeLease } from "@longshore/shared/db/take-lease";
import { toLogLine } from "@longshore/shared/db/to-event-data";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import type { Result } from "@longshore/shared/domain/result";

/** What an Attempt reads and writes; every write is fenced. */
export interface AttemptStore {
  takeLease(fence: Fence): Promise<JobRow | null>;
  renewLease(fence: Fence, boundMs: number): Promise<{ readonly cancelRequested: boolean } | null>;
  append(
    fence: Fence,
    base: number,
    events: readonly NewEvent[],
    progress: JobProgress,
  ): Promise<Result<number, "lease_lost">>;
  settle(
    fence: Fence,
    status: TerminalStatus,
  ): Promise<Result<SettledTimes, "lease_lost" | "cancel_requested">>;
  end(fence: Fence, end: JobEnd): Promise<Result<void, "lease_lost">>;
  requeue(fence: Fence, next: NextAttempt): Promise<Result<number, "lease_lost" | "cancel_requested">>;
  /** Every line of the Job's log that is on disk, in order, a page at a time. */
  logLines(jobId: string): AsyncIterable<LogLine>;
}

const linesPerPage = 1_000;

/** The store on a database. */
export function createAttemptStore({ sql, orm }: Database, leaseSeconds: number): AttemptStore {
  return {
    takeLease: (fence) => takeLease(sql, fence, leaseSeconds),
    renewLease: (fence, boundMs) => renewLease(sql, fence, leaseSeconds, boundMs),
    append: (fence, base, events, progress) => appendEvents(sql, fence, base, events, progress),
    settle: (fence, status) => settleEnd(sql, fence, status),
    end: (fence, end) => endJob(sql, fence, end),
    requeue: (fence, next) => requeueJob(sql, fence, next),
    logLines: (jobId) => readLog(orm, jobId),
  };
}

/** The next page is asked for before this one is given out: the database reads while the archive is written. */
async function* readLog(orm: Database["orm"], jobId: string): AsyncGenerator<LogLine> {
  const page = (after: number) => readEvents(orm, jobId, { after, limit: linesPerPage }, { type: "log" });
  let next: Promise<readonly EventRow[]> | null = page(0);
  while (next !== null) {
    const rows: readonly EventRow[] = await next;
    const last = rows.at(-1);
    next = last === undefined || rows.length < linesPerPage ? null : page(last.seq);
    // Its failure is thrown where it is awaited, also when that is later than it failed.
    next?.catch(() => undefined);
    for (const row of rows) yield toLogLine(row);
  }
}
