import type { Fence } from "@longshore/shared/db/fence";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { Result } from "@longshore/shared/domain/result";
import { emptyMask, type SecretMask } from "@longshore/shared/domain/secret-mask";
import type { SecretBox } from "@longshore/shared/runtime/secret-box";
import type { Logger } from "@longshore/shared/runtime/logger";
import { createHistoryRecorder, type HistoryRecorder } from "../pipeline/history-recorder.ts";
import { createPlanTracker, type PlanTracker } from "../pipeline/plan-tracker.ts";
import { createResumeMemory, type ResumeMemory, type ResumeState } from "../pipeline/resume-memory.ts";
import type { AttemptStore } from "./attempt-store.ts";
import { type CancelReceipt, createCancelReceipt } from "./cancel-receipt.ts";
import { createEventWriter, type EventWriter } from "./event-writer.ts";
import { type OpenSecrets, openSecrets } from "./open-secrets.ts";
import { keepLease } from "./keep-lease.ts";
import { createPhaseTimer, type PhaseTimer } from "./phase-timer.ts";
import type { StopReason } from "./stop-reason.ts";
import { createStopSwitch } from "./stop-switch.ts";

/** A Lease that this worker has just got, with the Attempt's row as it was then. */
export interface TakenLease {
  readonly row: JobRow;
  /** When it was asked for, by performance.now(): the Lease may run from then on. */
  readonly takenAt: number;
}

/** Everything that belongs to one Attempt while this worker holds its Lease. */
export interface OpenAttempt {
  readonly row: JobRow;
  readonly fence: Fence;
  readonly writer: EventWriter;
  readonly recorder: HistoryRecorder;
  readonly tracker: PlanTracker;
  readonly memory: ResumeMemory;
  readonly timer: PhaseTimer;
  readonly logger: Logger;
  /** Where they cannot be opened, a sentence why: the Attempt then runs nothing. */
  readonly secrets: Result<OpenSecrets, string>;
  /** What all that is stored, sent or logged of the Attempt goes through. */
  readonly mask: SecretMask;
  /** Aborts for the first {@link StopReason}. */
  readonly signal: AbortSignal;
  /** Aborts when the Lease is lost: nothing may be written any more. */
  readonly fenced: AbortSignal;
  /** `at` is when a cancel was asked for. */
  stop(reason: StopReason, at?: Date): void;
  /** True where a cancel was asked for, whether or not it came first. */
  cancelRequested(): boolean;
  readonly receipt: CancelReceipt;
  /** What the database's clock shows now, by that of its answer with the Lease. */
  databaseTime(): Date;
  /** Resolves true where the Sandbox is still this worker's to kill; see LeaseKeeper. */
  holds(): Promise<boolean>;
  /**
   * The end is being written: from here on that statement alone says whether the Lease was held. A renewal that comes
   * after it finds none, and means nothing.
   */
  endsNow(): void;
  /** It was not: what a renewal has found since then counts after all. */
  goesOn(): void;
  /** Called with each number of the agent's frames that is on disk. */
  onAgentSeqStored(handler: (seq: number) => void): void;
  close(): Promise<void>;
}

export interface OpenAttemptDeps {
  readonly store: AttemptStore;
  readonly owner: string;
  readonly leaseSeconds: number;
  /** Null where this worker has no key. */
  readonly secretBox: SecretBox | null;
  readonly logger: Logger;
}

/** Starts to keep the Lease of `row`, which this worker has just taken. The caller closes it on every path. */
export function openAttempt(
  deps: OpenAttemptDeps,
  { row, takenAt }: TakenLease,
  from: ResumeState,
): OpenAttempt {
  const { store, owner, leaseSeconds } = deps;
  const fence: Fence = { jobId: row.id, attempt: row.attempt, owner, epoch: row.leaseEpoch };
  const logger = deps.logger.child({ job: row.id, attempt: row.attempt });
  const stopSwitch = createStopSwitch(row.cancelRequestedAt, logger);
  const { signal, fenced, stop, cancelRequested } = stopSwitch;
  let onStored = (_seq: number): void => undefined;
  const writer = createEventWriter({
    lastSeq: row.lastSeq,
    append: (base, events, progress) => store.append(fence, base, events, progress),
    ...{ fenced, logger },
    onLeaseLost: () => stop("lease_lost"),
    onBroken: (error) => {
      logger.error({ err: error }, "events could not be stored");
      stop("lease_lost");
    },
    onAgentSeqStored: (seq) => onStored(seq),
  });
  const { onLost, endsNow, goesOn } = heedRenewals(() => stop("lease_lost"));
  const keeper = keepLease({
    ...{ leaseSeconds, logger, takenAt },
    renew: (boundMs) => store.renewLease(fence, boundMs),
    onLost,
    onCancelRequested: (at) => stop("cancelled", at),
  });
  const timer = createPhaseTimer(from.phases);
  const secrets = openSecrets(row, deps.secretBox);
  const mask = secrets.ok ? secrets.value.mask : emptyMask;
  const recorder = createHistoryRecorder(writer, row, secrets.ok ? secrets.value : undefined);
  return {
    ...{ row, fence, writer, recorder, timer, logger, signal, fenced, stop, cancelRequested },
    ...{ secrets, mask, tracker: createPlanTracker(mask) },
    memory: createResumeMemory(from, timer.spent, (resume) => writer.progress({ resume })),
    receipt: createCancelReceipt(recorder.system, stopSwitch.cancelTime),
    ...{ holds: keeper.holds, databaseTime: databaseTimeSince({ row, takenAt }, leaseSeconds) },
    ...{ endsNow, goesOn },
    onAgentSeqStored: (handler) => {
      onStored = handler;
    },
    close: () => keeper.stop(),
  };
}

/** The Lease has told what the database's clock showed when it was taken. */
function databaseTimeSince({ row: { leaseUntil }, takenAt }: TakenLease, leaseSeconds: number): () => Date {
  const takenMs = (leaseUntil?.getTime() ?? 0) - leaseSeconds * 1_000;
  return () => new Date(takenMs + performance.now() - takenAt);
}

/** What a renewal finds counts at once, but while the end is being written: then only if it was none. */
function heedRenewals(
  onCounts: () => void,
): Pick<OpenAttempt, "endsNow" | "goesOn"> & { onLost: () => void } {
  const state = { ending: false, lost: false };
  return {
    onLost: () => {
      state.lost = true;
      if (!state.ending) onCounts();
    },
    endsNow: () => {
      state.ending = true;
    },
    goesOn: () => {
      state.ending = false;
      if (state.lost) onCounts();
    },
  };
}
