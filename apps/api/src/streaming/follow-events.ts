import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { EventRow } from "@longshore/shared/db/read-events";
import type { OwnJob } from "@longshore/shared/domain/access";
import { isTerminal } from "@longshore/shared/domain/job-state";
import type { ReadEvents } from "../use-cases/read-log-page.ts";
import type { EventSignals } from "./event-signals.ts";
import { keepAliveComment, openingLine, toServerSentEvent } from "./server-sent-event.ts";

export interface FollowEventsDeps {
  readonly signals: EventSignals;
  readonly readEvents: ReadEvents;
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  /** Called with the seconds from an Event's time to its being handed to the connection; only for fresh ones. */
  readonly observeLag: (seconds: number) => void;
}

// Rows of up to 16 KiB: what one reader can make this process hold is some 4 MiB.
const pageSize = 256;
/** Signals can get lost; so often a reader looks by itself. */
const pollMs = 2_000;
const keepAliveMs = 15_000;

/**
 * A Job's Events after number `after`, as text of a server-sent stream, up to its `end` or until `stop`. Each number
 * comes once, in order: the numbers are what is read by, and signals only say when to look. While the database is
 * away the stream stays open and silent, as a browser that meets a 503 never comes back.
 */
export async function* followEvents(
  deps: FollowEventsDeps,
  job: JobRecord,
  after: number,
  stop: AbortSignal,
): AsyncGenerator<string, void> {
  const own = { tenant: job.tenant, jobId: job.id };
  const subscription = deps.signals.subscribe(job.id);
  try {
    yield openingLine;
    // All that there will ever be has been seen already.
    if (isTerminal(job.state.status) && after >= job.lastSeq) return;
    const openedAt = Date.now();
    let quietSince = openedAt;
    let position = after;
    while (!stop.aborted) {
      const rows = await unlessAway(deps.readEvents(job.id, { after: position, limit: pageSize }), []);
      const last = rows.at(-1);
      if (last === undefined) {
        // An ended Job has them all: the rest was removed while this reader was at it.
        if (isTerminal(job.state.status) && isRemoved(await unlessAway(deps.readJob(own), job))) return;
        if (Date.now() - quietSince >= keepAliveMs) {
          if (isRemoved(await unlessAway(deps.readJob(own), job))) return;
          yield keepAliveComment;
          quietSince = Date.now();
        }
        if ((await subscription.next(pollMs, stop)) === "stopped") return;
        continue;
      }
      yield rows.map(toServerSentEvent).join("");
      position = last.seq;
      quietSince = Date.now();
      observeLags(deps, rows, openedAt);
      if (last.type === "end") return;
    }
  } finally {
    subscription.close();
  }
}

async function unlessAway<Value>(reading: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    if (isDatabaseAway(error)) return otherwise;
    throw error;
  }
}

/** Retention or a deletion has taken the Events that a late reader still waits for. They go from the last one down. */
function isRemoved(job: JobRecord | null): boolean {
  return job === null || ("expiredAt" in job.state && job.state.expiredAt !== null);
}

function observeLags(deps: FollowEventsDeps, rows: readonly EventRow[], openedAt: number): void {
  const now = Date.now();
  for (const { time } of rows) {
    if (time.getTime() >= openedAt) deps.observeLag(Math.max(0, now - time.getTime()) / 1_000);
  }
}
