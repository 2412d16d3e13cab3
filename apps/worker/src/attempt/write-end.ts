import type { JobEnd } from "@longshore/shared/db/end-job";
import type { Archive } from "@longshore/shared/domain/job";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import type { ConcludeDeps } from "./conclude-deps.ts";
import type { FinalEnd } from "./final-view.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { whileDatabaseAway } from "./while-database-away.ts";

/** How a Job is to end, as far as it is known: outputs that are too large, or a cancel, may still change it. */
export interface Ending {
  readonly status: TerminalStatus;
  readonly failure: JobFailure | null;
}

/** Settles the end in the database, where a cancel may have come first. Rejects where the Lease is lost. */
export async function settle(deps: ConcludeDeps, attempt: OpenAttempt, wanted: Ending): Promise<FinalEnd> {
  const { fence, fenced, logger, row, timer, stop } = attempt;
  const settled = await whileDatabaseAway(() => deps.store.settle(fence, wanted), fenced, logger);
  if (settled?.ok === true) {
    const { finishedAt, cancelRequestedAt } = settled.value;
    const total = Math.max(0, finishedAt.getTime() - row.createdAt.getTime());
    return {
      ...wanted,
      finishedAt,
      cancelRequestedAt,
      timings: timer.timings({ queued: row.timings.queued, total }),
    };
  }
  if (settled?.failure === "cancel_requested") {
    const end = await settle(deps, attempt, { status: "cancelled", failure: null });
    // Nobody has told this worker of it yet, and its receipt is due.
    stop("cancelled", end.cancelRequestedAt ?? undefined);
    return end;
  }
  stop("lease_lost");
  throw fenced.reason;
}

/** From here on whoever takes over writes this end. Rejects where the Lease is lost. */
export async function noteStored(
  { store }: ConcludeDeps,
  { fence, fenced, logger, stop }: OpenAttempt,
  { status, failure, finishedAt, timings }: FinalEnd,
  archive: Archive,
): Promise<void> {
  const stored = { finishedAt: finishedAt.toISOString(), timings, archive };
  const noted = await whileDatabaseAway(
    () => store.noteStored(fence, { status, failure, stored }),
    fenced,
    logger,
  );
  if (noted?.ok === true) return;
  stop("lease_lost");
  throw new Error("the lease is lost: the end is another worker's to write");
}

/** Writes the terminal state; from then on nothing of the Job changes. Where the Lease is lost, it is another's to write. */
export async function writeEnd(
  { store, retentionDays, onEnd }: ConcludeDeps,
  attempt: OpenAttempt,
  { status, failure, finishedAt, timings }: FinalEnd,
  archive: Archive | null,
): Promise<void> {
  const { logger, tracker, writer } = attempt;
  await writer.flush();
  attempt.endsNow();
  const plan = tracker.closed();
  const end = { status, failure, archive, plan, timings, finishedAt, retentionDays };
  if (!(await isWritten(store, attempt, end))) {
    logger.warn("the end of the job was not written: the lease is lost");
    attempt.stop("lease_lost");
    return;
  }
  logger.info({ status, failure }, "the job has ended");
  onEnd(status, failure);
}

/**
 * Where a try got through and its answer did not, the next one finds no Lease: then the row says whose end it has. The
 * Sandbox of an Attempt that ended is its owner's to remove, and nobody else comes for it but a sweep.
 */
async function isWritten(
  store: ConcludeDeps["store"],
  { fence, fenced, logger }: OpenAttempt,
  end: JobEnd,
): Promise<boolean> {
  const ended = await whileDatabaseAway(() => store.end(fence, end), fenced, logger);
  if (ended === null || ended.ok) return ended !== null;
  return (await whileDatabaseAway(() => store.endedBy(fence, end.status), fenced, logger)) ?? false;
}
