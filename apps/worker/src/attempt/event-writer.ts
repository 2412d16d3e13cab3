import type { NewEvent } from "@longshore/shared/contracts/event";
import type { JobProgress } from "@longshore/shared/db/append-events";
import type { Result } from "@longshore/shared/domain/result";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createEventBuffer, type EventBuffer } from "./event-buffer.ts";
import { createEventUnits } from "./event-units.ts";
import { whileDatabaseAway } from "./while-database-away.ts";
import { createWritePace, type WritePace } from "./write-pace.ts";

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

// Where one line follows the other, also one every few ms, they wait for some 20 ms, well below the 100 that they may lag:
// each batch is a commit, and a read for whoever follows. The few of a short Job, and those after a quiet time, wait for nothing.
const batchPace = { perSecond: 50, burst: 10 };
// A line is written at once. What else is told waits a moment for what follows it, mostly a line: each commit, and each
// read of who follows the Job, takes time from the Step that runs beside it.
const gatherMs = { event: 25, progress: 50 };
// A flood of 1 GiB grows the worker by 38 MB with batches and pages of 1,000, by 56 MB with 5,000, in nearly the same time.
const rowsPerBatch = 1_000;

/**
 * Writes a line at once when idle, and otherwise what has come together meanwhile: little lag when little happens, few
 * batches in a trickle, large ones in a flood. What waits is bounded by the agent's window: its frames are acknowledged only once on disk.
 */
export function createEventWriter(deps: EventWriterDeps): EventWriter {
  const buffer = createEventBuffer();
  const state: WriterState = { lastSeq: deps.lastSeq, due: false, writing: undefined, broken: undefined };
  const write = (): void => {
    pace.forget();
    if (state.broken !== undefined || deps.fenced.aborted || buffer.isEmpty()) return;
    state.due = true;
    state.writing ??= writeWhatIsDue(deps, buffer, state, pace);
  };
  const pace = createWritePace(batchPace, write);
  const units = createEventUnits((events, progress, agentSeq) => {
    buffer.add(events, progress, agentSeq);
    if (events.some(({ type }) => type === "log")) write();
    else if (state.writing === undefined)
      pace.within(events.length > 0 || agentSeq > 0 ? gatherMs.event : gatherMs.progress);
  });
  return {
    add: (event, change = {}) => units.add([event], change),
    progress: (change) => units.add([], change),
    together: (work) => units.gather(work, () => 0),
    frame: (agentSeq, work) => units.gather(work, (breach) => (breach === null ? agentSeq : 0)),
    flush: async () => {
      await pace.hurried(async () => {
        for (write(); state.writing !== undefined; write()) await state.writing;
      });
      const { broken } = state;
      if (broken !== undefined) throw new Error("events could not be stored", { cause: broken.error });
      deps.fenced.throwIfAborted();
    },
  };
}

interface WriterState {
  lastSeq: number;
  /** What is in the buffer is to be on disk as soon as can be. */
  due: boolean;
  writing: Promise<void> | undefined;
  broken: { readonly error: unknown } | undefined;
}

async function writeWhatIsDue(
  deps: EventWriterDeps,
  buffer: EventBuffer,
  state: WriterState,
  pace: WritePace,
): Promise<void> {
  try {
    while (state.due) {
      const batch = buffer.take(rowsPerBatch);
      state.due = !buffer.isEmpty();
      const stored = await appendUntilStored(deps, state.lastSeq, batch.events, batch.progress);
      if (stored === null) return;
      state.lastSeq = stored;
      if (batch.agentSeq > 0) deps.onAgentSeqStored(batch.agentSeq);
      // Also where nothing is due yet: what comes meanwhile waits for the turn to be over.
      if (batch.events.length < rowsPerBatch) await pace.turn();
    }
  } catch (error) {
    state.broken ??= { error };
    deps.onBroken(error);
  } finally {
    // In the same turn as the last look at what is due: what is added a turn later begins anew, and is not left.
    state.writing = undefined;
    if (!buffer.isEmpty() && state.broken === undefined) pace.within(gatherMs.event);
  }
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
