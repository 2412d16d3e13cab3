import type { NewEvent } from "@longshore/shared/contracts/event";
import type { JobProgress } from "@longshore/shared/db/append-events";
import type { Result } from "@longshore/shared/domain/result";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createPace } from "@longshore/shared/runtime/pace";
import { setTimeout as pause } from "node:timers/promises";
import { createEventBuffer } from "./event-buffer.ts";
import { createEventUnits } from "./event-units.ts";
import { whileDatabaseAway } from "./while-database-away.ts";

export interface EventWriterDeps {
  /** Number of the Job's last Event when the Lease was taken. */
  readonly lastSeq: number;
  readonly append: (
    base: number,
    events: readonly NewEvent[],
    progress: JobProgress,
  ) => Promise<Result<number, "lease_lost">>;
  /** Aborts when nothing may be written any more: the Lease is lost. */
  readonly fenced: AbortSignal;
  readonly logger: Logger;
  readonly onLeaseLost: () => void;
  /** A bug: the database refused what was written. */
  readonly onBroken: (error: unknown) => void;
  /** The Events of the agent's frames up to this number are on disk. */
  readonly onAgentSeqStored: (agentSeq: number) => void;
}

/** Appends a Job's Events in batches, in order, one batch at a time. */
export interface EventWriter {
  add(event: NewEvent, progress?: JobProgress): void;
  /** Changes the Job's row, with the next Event or soon. */
  progress(change: JobProgress): void;
  /** All that `work` adds is on disk together or not at all: who takes over finds no half of it. */
  together(work: () => void): void;
  /**
   * The same for what came of the agent's frame `agentSeq`, with its number: a frame is never stored without it, or the
   * next owner would be told it again. `work` gives a breach of the protocol, or null; a broken frame has no number.
   */
  frame(agentSeq: number, work: () => string | null): string | null;
  /** Resolves when all that was added is on disk; rejects where that can't be any more: fenced out, or broken. */
  flush(): Promise<void>;
}

// Bounds the transactions of a chatty program; its lines then wait for some 20 ms, well below the 100 that they may lag.
// The few of a short Job wait for nothing.
const batchPace = { perSecond: 50, burst: 10 };
// A line is written at once. What else is told waits a moment for what follows it, mostly a line: each commit, and each
// read of who follows the Job, takes time from the Step that runs beside it.
const gatherMs = { event: 25, progress: 50 };
// A flood of 1 GiB grows the worker by 38 MB with batches and pages of 1,000, by 56 MB with 5,000, in nearly the same time.
const rowsPerBatch = 1_000;

/**
 * Writes a line at once when idle, and otherwise what has come together meanwhile: little lag when little happens, large
 * batches in a flood. What waits is bounded by the agent's window: its frames are acknowledged only once on disk.
 */
export function createEventWriter(deps: EventWriterDeps): EventWriter {
  const buffer = createEventBuffer();
  let lastSeq = deps.lastSeq;
  let writing: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;
  const pace = createPace(batchPace);
  let calm = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Infinity;
  /** What is in the buffer is to be on disk as soon as can be. */
  let due = false;

  const gatherMore = async (): Promise<void> => {
    const waitMs = pace.take();
    // Aborted where somebody waits for all to be on disk.
    if (waitMs > 0) await pause(waitMs, undefined, { signal: calm.signal }).catch(() => undefined);
  };
  const writeWhatIsDue = async (): Promise<void> => {
    try {
      while (due) {
        const batch = buffer.take(rowsPerBatch);
        due = !buffer.isEmpty();
        const stored = await appendUntilStored(deps, lastSeq, batch.events, batch.progress);
        if (stored === null) return;
        lastSeq = stored;
        if (batch.agentSeq > 0) deps.onAgentSeqStored(batch.agentSeq);
        if (due && batch.events.length < rowsPerBatch) await gatherMore();
      }
    } catch (error) {
      broken ??= { error };
      deps.onBroken(error);
    } finally {
      // In the same turn as the last look at what is due: what is added a turn later begins anew, and is not left.
      writing = undefined;
      if (!buffer.isEmpty() && broken === undefined) writeWithin(gatherMs.event);
    }
  };
  const write = (): void => {
    clearTimeout(timer);
    timerAt = Infinity;
    if (broken !== undefined || deps.fenced.aborted || buffer.isEmpty()) return;
    due = true;
    writing ??= writeWhatIsDue();
  };
  const writeWithin = (ms: number): void => {
    const wantedAt = performance.now() + ms;
    if (writing !== undefined || wantedAt >= timerAt) return;
    clearTimeout(timer);
    timerAt = wantedAt;
    timer = setTimeout(write, ms);
  };
  const units = createEventUnits((events, progress, agentSeq) => {
    buffer.add(events, progress, agentSeq);
    if (events.some(({ type }) => type === "log")) write();
    else writeWithin(events.length > 0 || agentSeq > 0 ? gatherMs.event : gatherMs.progress);
  });
  return {
    add: (event, change = {}) => units.add([event], change),
    progress: (change) => units.add([], change),
    together: (work) => units.gather(work, () => 0),
    frame: (agentSeq, work) => units.gather(work, (breach) => (breach === null ? agentSeq : 0)),
    flush: async () => {
      for (write(); writing !== undefined; write()) {
        calm.abort();
        await writing;
      }
      calm = new AbortController();
      if (broken !== undefined) throw new Error("events could not be stored", { cause: broken.error });
      deps.fenced.throwIfAborted();
    },
  };
}

/** Tries until the batch is on disk (the database may be away for a while) or the Lease is lost: then null. */
async function appendUntilStored(
  { append, fenced, logger, onLeaseLost }: EventWriterDeps,
  base: number,
  events: readonly NewEvent[],
  progress: JobProgress,
): Promise<number | null> {
  const result = await whileDatabaseAway(() => append(base, events, progress), fenced, logger);
  if (result?.ok === true) return result.value;
  if (result !== null) onLeaseLost();
  return null;
}
