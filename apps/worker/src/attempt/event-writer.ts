import type { NewEvent } from "@longshore/shared/contracts/event";
import type { JobProgress } from "@longshore/shared/db/append-events";
import type { Result } from "@longshore/shared/domain/result";
import type { Logger } from "@longshore/shared/runtime/logger";
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
  /** Changes the Job's row. */
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

// Bounds the transactions of a chatty program to some 100 a second; well below the 100 ms that a line may lag.
const betweenBatchesMs = 8;
// A flood of 1 GiB grows the worker by 38 MB with batches and pages of 1,000, by 56 MB with 5,000, in nearly the same time.
const rowsPerBatch = 1_000;

/**
 * Writes at once when idle, and otherwise what has come together meanwhile: little lag when little happens, large
 * batches in a flood. What waits is bounded by the agent's window: its frames are acknowledged only once on disk.
 */
export function createEventWriter(deps: EventWriterDeps): EventWriter {
  const buffer = createEventBuffer();
  let lastSeq = deps.lastSeq;
  let writing: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;

  const writeAll = async (): Promise<void> => {
    try {
      while (!buffer.isEmpty()) {
        const batch = buffer.take(rowsPerBatch);
        const stored = await appendUntilStored(deps, lastSeq, batch.events, batch.progress);
        if (stored === null) return;
        lastSeq = stored;
        if (batch.agentSeq > 0) deps.onAgentSeqStored(batch.agentSeq);
        if (batch.events.length < rowsPerBatch && !buffer.isEmpty()) await pause(betweenBatchesMs);
      }
    } catch (error) {
      broken ??= { error };
      deps.onBroken(error);
    } finally {
      // In the same turn as the last look into the buffer: what is added a turn later begins anew, and is not left.
      writing = undefined;
    }
  };
  const units = createEventUnits((events, progress, agentSeq) => {
    buffer.add(events, progress, agentSeq);
    if (broken === undefined) writing ??= writeAll();
  });
  return {
    add: (event, change = {}) => units.add([event], change),
    progress: (change) => units.add([], change),
    together: (work) => units.gather(work, () => 0),
    frame: (agentSeq, work) => units.gather(work, (breach) => (breach === null ? agentSeq : 0)),
    flush: async () => {
      while (writing !== undefined) await writing;
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
