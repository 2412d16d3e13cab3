import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { JobRecord } from "@longshore/shared/db/job-record";
import type { EventRow } from "@longshore/shared/db/read-events";
import type { OwnJob } from "@longshore/shared/domain/access";
import { isTerminal } from "@longshore/shared/domain/job-state";
import type { ReadEvents } from "../use-cases/read-log-page.ts";
import type { EventSignals } from "./event-signals.ts";
import type { PageRoom } from "./page-room.ts";
import { keepAliveComment, openingLine, toServerSentEvent, toSharedEvent } from "./server-sent-event.ts";

export interface FollowEventsDeps {
  readonly signals: EventSignals;
  readonly readEvents: ReadEvents;
  readonly pageRoom: PageRoom;
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  /** Called with the seconds from an Event's time to its being handed to the connection; only for fresh ones. */
  readonly observeLag: (seconds: number) => void;
}

/** What a row takes beside its text while it is held. */
const rowBytes = 512;
// The connection is given so many characters of lines at a time: it keeps a piece whole until it has sent all of it.
const pieceCharacters = 64 * 1_024;
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
    // Of an ended Job the rest may be removed while this reader is at it; a number that is not there yet may never be.
    const mayBeOver = isTerminal(job.state.status) || after > job.lastSeq;
    const openedAt = Date.now();
    let quietSince = openedAt;
    let position = after;
    let isLive = false;
    while (!stop.aborted) {
      const last: LastEvent | null = yield* nextPage(deps, job.id, { after: position, isLive }, openedAt);
      isLive = last?.isNewest ?? true;
      if (last === null) {
        const isQuiet = Date.now() - quietSince >= keepAliveMs;
        if ((isQuiet || mayBeOver) && isOver(await unlessAway(deps.readJob(own), job), position)) return;
        if (isQuiet) {
          yield keepAliveComment;
          quietSince = Date.now();
        }
        if ((await subscription.next(pollMs, stop)) === "stopped") return;
        continue;
      }
      position = last.seq;
      quietSince = Date.now();
      if (last.type === "end") return;
      // A signal of what came since it was read is remembered.
      if (
        last.isNewest &&
        !isTerminal(job.state.status) &&
        (await subscription.next(pollMs, stop)) === "stopped"
      )
        return;
    }
  } finally {
    subscription.close();
  }
}

interface LastEvent extends Pick<EventRow, "seq" | "type"> {
  /** None came after it when it was read. */
  readonly isNewest: boolean;
}

/** The next Events in pieces; gives the last one of them, or null where none has come. */
async function* nextPage(
  deps: FollowEventsDeps,
  jobId: string,
  { after, isLive }: { readonly after: number; readonly isLive: boolean },
  openedAt: number,
): AsyncGenerator<string, LastEvent | null> {
  // Who has seen all that there was asks for little, as all others do who have: the same page for all of them.
  const held = deps.pageRoom.hold(isLive ? "small" : undefined);
  const write = isLive ? toSharedEvent : toServerSentEvent;
  try {
    const { mostRows: limit, mostBytes: bytes } = held;
    const page = { after, limit, bytes };
    const rows = [...(await unlessAway(deps.readEvents(jobId, page), []))];
    // A page that ends early has all its bytes, of which a character has three at most.
    const isNewest = rows.length < limit && charactersOf(rows) * 3 < held.mostBytes;
    const last = rows.map(({ seq, type }) => ({ seq, type, isNewest })).at(-1);
    while (rows.length > 0) {
      held.shrinkTo(charactersOf(rows) + rows.length * rowBytes);
      const piece = takePiece(rows);
      observeLags(deps, piece, openedAt);
      yield piece.map(write).join("");
    }
    return last ?? null;
  } finally {
    held.shrinkTo(0);
  }
}

/** Takes the first rows out, up to the one that reaches the size of a piece: what waits to be taken is their text alone. */
function takePiece(rows: EventRow[]): EventRow[] {
  let characters = 0;
  const last = rows.findIndex((row) => (characters += charactersOf([row])) >= pieceCharacters);
  return rows.splice(0, last === -1 ? rows.length : last + 1);
}

/** Of these lines; a byte or two each, while they are held. */
function charactersOf(rows: readonly EventRow[]): number {
  return rows.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
}

async function unlessAway<Value>(reading: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    if (isDatabaseAway(error)) return otherwise;
    throw error;
  }
}

/**
 * None comes after this number any more: the Job ended before it, or retention or a deletion has taken the Events that a late
 * reader still waits for. They go from the last one down.
 */
function isOver(job: JobRecord | null, position: number): boolean {
  if (job === null || ("expiredAt" in job.state && job.state.expiredAt !== null)) return true;
  return isTerminal(job.state.status) && position >= job.lastSeq;
}

function observeLags(deps: FollowEventsDeps, rows: readonly EventRow[], openedAt: number): void {
  const now = Date.now();
  for (const { time } of rows) {
    if (time.getTime() >= openedAt) deps.observeLag(Math.max(0, now - time.getTime()) / 1_000);
  }
}
