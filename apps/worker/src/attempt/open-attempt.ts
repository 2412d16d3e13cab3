import type { JobRow } from "@longshore/shared/db/job-record";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createHistoryRecorder, type HistoryRecorder } from "../pipeline/history-recorder.ts";
import { createPlanTracker, type PlanTracker } from "../pipeline/plan-tracker.ts";
import type { AttemptStore } from "./attempt-store.ts";
import { createEventWriter, type EventWriter } from "./event-writer.ts";
import { keepLease } from "./keep-lease.ts";
import { createPhaseTimer, type PhaseTimer } from "./phase-timer.ts";
import { type StopReason, stopReason } from "./stop-reason.ts";

/** Everything that belongs to one Attempt while this worker holds its Lease. */
export interface OpenAttempt {
  readonly row: JobRow;
  readonly fence: { readonly jobId: string; readonly attempt: number; readonly owner: string };
  readonly writer: EventWriter;
  readonly recorder: HistoryRecorder;
  readonly tracker: PlanTracker;
  readonly timer: PhaseTimer;
  readonly logger: Logger;
  /** Aborts for the first {@link StopReason}. */
  readonly signal: AbortSignal;
  /** Aborts when the Lease is lost: nothing may be written any more. */
  readonly fenced: AbortSignal;
  stop(reason: StopReason): void;
  /** True where a cancel was asked for, whether or not it came first. */
  cancelRequested(): boolean;
  /** Called with each number of the agent's frames that is on disk. */
  onAgentSeqStored(handler: (seq: number) => void): void;
  close(): Promise<void>;
}

export interface OpenAttemptDeps {
  readonly store: AttemptStore;
  readonly owner: string;
  readonly leaseSeconds: number;
  readonly logger: Logger;
}

/** Starts to keep the Lease of `row`, which this worker has just taken. The caller closes it on every path. */
export function openAttempt(
  { store, owner, leaseSeconds, logger: parent }: OpenAttemptDeps,
  row: JobRow,
): OpenAttempt {
  const fence = { jobId: row.id, attempt: row.attempt, owner };
  const logger = parent.child({ job: row.id, attempt: row.attempt });
  const stopping = new AbortController();
  const losing = new AbortController();
  let cancelRequested = row.cancelRequestedAt !== null;
  let onStored = (_seq: number): void => undefined;

  const stop = (reason: StopReason): void => {
    if (reason === "cancelled") cancelRequested = true;
    if (reason === "lease_lost") losing.abort();
    if (stopReason(stopping.signal) === null) logger.info({ reason }, "the attempt is stopped");
    stopping.abort(reason);
  };
  const writer = createEventWriter({
    lastSeq: row.lastSeq,
    append: (base, events, progress) => store.append(fence, base, events, progress),
    fenced: losing.signal,
    logger,
    onLeaseLost: () => stop("lease_lost"),
    onBroken: (error) => {
      logger.error({ err: error }, "events could not be stored");
      stop("lease_lost");
    },
    onAgentSeqStored: (seq) => onStored(seq),
  });
  const keeper = keepLease({
    renew: (boundMs) => store.renewLease(fence, boundMs),
    leaseSeconds,
    logger,
    onLost: () => stop("lease_lost"),
    onCancelRequested: () => stop("cancelled"),
  });
  return {
    ...{ row, fence, writer, logger, stop },
    recorder: createHistoryRecorder(writer, row.attempt, row.usage, row.sandbox),
    tracker: createPlanTracker(),
    timer: createPhaseTimer(),
    signal: stopping.signal,
    fenced: losing.signal,
    cancelRequested: () => cancelRequested,
    onAgentSeqStored: (handler) => {
      onStored = handler;
    },
    close: () => keeper.stop(),
  };
}
