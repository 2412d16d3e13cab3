import { createHmac } from "node:crypto";
import type { SettledEnd } from "@longshore/shared/contracts/settled-end";
import type { LogLine } from "@longshore/shared/contracts/log-line";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { appendEvents, type JobProgress } from "@longshore/shared/db/append-events";
import type { Database } from "@longshore/shared/db/connect-database";
import type { JobEnd } from "@longshore/shared/db/end-job";
import { endedBy } from "@longshore/shared/db/ended-by";
import type { Fence } from "@longshore/shared/db/fence";
import { createGatheredWrites, type GatheredWritesDeps } from "@longshore/shared/db/gathered-writes";
import type { JobRow } from "@longshore/shared/db/job-record";
import { type EventRow, readEvents } from "@longshore/shared/db/read-events";
import type { Renewed } from "@longshore/shared/db/renew-lease";
import { type NextAttempt, requeueJob } from "@longshore/shared/db/requeue-job";
import { readInstallationSecret } from "@longshore/shared/db/read-installation-id";
import { readSamples, type Sample, storeSamples } from "@longshore/shared/db/job-samples";
import { type PrintedLine, readStepTails } from "@longshore/shared/db/read-step-tails";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { noteStoredEnd, type Settled } from "@longshore/shared/db/settle-end";
import { toLogLine } from "@longshore/shared/db/to-event-data";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import type { Result } from "@longshore/shared/domain/result";
import { awaitedLater } from "@longshore/shared/runtime/awaited-later";

/** What an Attempt reads and writes; every write is fenced. */
export interface AttemptStore {
  /** Of the Attempt that is next; null where none is due. */
  takeNextLease(): Promise<JobRow | null>;
  renewLease(fence: Fence, boundMs: number): Promise<Renewed>;
  releaseLease(fence: Fence): Promise<void>;
  append(
    fence: Fence,
    base: number,
    events: readonly NewEvent[],
    progress: JobProgress,
  ): Promise<Result<number, "lease_lost">>;
  settle(fence: Fence, end: Pick<SettledEnd, "status" | "failure">): Promise<Settled>;
  noteStored(fence: Fence, end: SettledEnd): Promise<Result<void, "lease_lost">>;
  end(fence: Fence, end: JobEnd): Promise<Result<void, "lease_lost">>;
  /** Whether an `end` of this owner got through, be its answer lost. */
  endedBy(fence: Fence, status: TerminalStatus): Promise<boolean>;
  requeue(fence: Fence, next: NextAttempt): Promise<Result<number, "lease_lost" | "cancel_requested">>;
  /** Every line of the Job's log that is on disk, in order, a page at a time. */
  logLines(jobId: string): AsyncIterable<LogLine>;
  /** The last of what the Steps of the present plan have printed, oldest first. */
  stepTails(fence: Fence): Promise<readonly PrintedLine[]>;
  /** What the Attempt's Sandbox has used, as far as it was noted. Rejects soon where the database does not answer. */
  samples(attempt: Pick<Fence, "jobId" | "attempt">): Promise<readonly Sample[]>;
  /** Notes it, all of it each time. As `samples`. */
  storeSamples(fence: Fence, samples: readonly Sample[]): Promise<void>;
  /** What the Attempt's agent knows its owners by; the same for each of them. */
  resumeToken(attempt: Pick<Fence, "jobId" | "attempt">): Promise<string>;
}

const eventsPerPage = 1_000;
// A repair turn is shown some thousand characters of each Step.
const tailLines = 2_000;
const sampleBoundMs = 2_000;

/** In whose name Leases are taken, for how long, and on what engine. */
export type AttemptStoreOptions = Omit<GatheredWritesDeps, "sql">;

/** The store on a database. */
export function createAttemptStore({ sql, orm }: Database, options: AttemptStoreOptions): AttemptStore {
  const gathered = createGatheredWrites({ sql, ...options });
  let secret: string | null = null;
  return {
    takeNextLease: () => gathered.takeNext(),
    renewLease: (fence, boundMs) => gathered.renew({ fence, boundMs }),
    append: (fence, base, events, progress) => appendEvents(sql, fence, base, events, progress),
    releaseLease: (fence) => releaseLease(sql, fence),
    settle: (fence, end) => gathered.settle({ fence, end }),
    noteStored: (fence, end) => noteStoredEnd(sql, fence, end),
    end: (fence, end) => gathered.end({ fence, end }),
    endedBy: (fence, status) => endedBy(sql, fence, status),
    requeue: (fence, next) => requeueJob(sql, fence, next),
    logLines: (jobId) => readLog(orm, jobId),
    stepTails: ({ jobId, attempt }) => readStepTails(sql, { jobId, attempt, limit: tailLines }),
    samples: (attempt) => readSamples(sql, attempt, sampleBoundMs),
    storeSamples: (fence, samples) => storeSamples(sql, fence, samples, sampleBoundMs),
    resumeToken: async ({ jobId, attempt }) => {
      secret ??= await readInstallationSecret(sql);
      return createHmac("sha256", secret)
        .update(`${jobId} ${String(attempt)}`)
        .digest("base64url");
    },
  };
}

/** The next page is asked for before this one is given out: the database reads while the archive is written. */
async function* readLog(orm: Database["orm"], jobId: string): AsyncGenerator<LogLine> {
  // All kinds, as nearly all of a long history are lines: see EventPage.
  const page = (after: number) => readEvents(orm, jobId, { after, limit: eventsPerPage });
  let next: Promise<readonly EventRow[]> | null = page(0);
  while (next !== null) {
    const rows: readonly EventRow[] = await next;
    const last = rows.at(-1);
    next = last === undefined || rows.length < eventsPerPage ? null : awaitedLater(page(last.seq));
    for (const row of rows) if (row.type === "log") yield toLogLine(row);
  }
}
