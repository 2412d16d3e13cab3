import { performance } from "node:perf_hooks";
import type { SettledEnd } from "@longshore/shared/contracts/settled-end";
import type { NextAttempt } from "@longshore/shared/db/requeue-job";
import { type AttemptOutcome, decideNext, type JobHistory } from "@longshore/shared/domain/decide-next";
import type { JobFailure } from "@longshore/shared/domain/failure";
import { awaitedLater } from "@longshore/shared/runtime/awaited-later";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import { maskStep } from "./mask-step.ts";
import type { ConcludeDeps } from "./conclude-deps.ts";
import { endSandbox } from "./end-sandbox.ts";
import { type FinalEnd, finalView } from "./final-view.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import type { ArchiveRequest, StoreArchive, TakenOutputs } from "./store-archive.ts";
import { toShownFailure } from "./to-shown-failure.ts";
import { leavesJob, stopReason } from "./stop-reason.ts";
import { whileDatabaseAway } from "./while-database-away.ts";
import { type Ending, noteStored, settle, writeEnd } from "./write-end.ts";

/** What became of an Attempt: it is over, or it is left with its Sandbox for another worker to go on with. */
export type Conclusion = "over" | "left";

/**
 * The one place where an Attempt ends: outputs are taken, the archive is stored, and one statement writes the terminal
 * state; whoever has the Sandbox then ends it. Or the Job is queued again, once the container is gone. At each point
 * another worker can go on from what is on disk. A Job that was cancelled, or is over its time, loses its container before
 * its archive is written: it is to be gone at once, and such an archive may be without outputs. `cancelled` is in no case
 * written before the container is gone (decisions/008). Writes nothing where the Lease is lost.
 */
export async function concludeAttempt(
  deps: ConcludeDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox | null,
  outcome: AttemptOutcome,
): Promise<Conclusion> {
  const next = decideNext(historyOf(attempt), outcome);
  if (next.move === "new_attempt") {
    const reason =
      outcome.type === "failed" ? toShownFailure(attempt, outcome.failure).message : whyHandedOver(attempt);
    const queued = await queueAgain(deps, attempt, sandbox, { ...next, reason });
    return queued === "cancel_requested"
      ? concludeAttempt(deps, attempt, sandbox, { type: "cancelled" })
      : "over";
  }
  const failure = next.status === "failed" ? toShownFailure(attempt, next.failure) : null;
  const ending: Ending = { status: next.status, failure };
  const archived = await endWithArchive(deps, attempt, sandbox, ending);
  if (typeof archived === "string") return archived;
  const { unstored } = archived;
  if (ending.status === "succeeded") {
    // No archive, no success; the disk may be full here and not elsewhere.
    const failure: JobFailure = {
      code: "internal",
      message: `the archive was not stored: ${unstored}`,
      step: null,
    };
    return concludeAttempt(deps, attempt, sandbox, { type: "failed", failure });
  }
  attempt.recorder.system(`the archive was not stored: ${unstored}`);
  await attempt.writer.flush();
  await endContainer(attempt, sandbox);
  await writeEnd(deps, attempt, await settle(deps, attempt, ending), null);
  return "over";
}

/** Writes the end that another worker had settled on and stored the archive of. */
export async function writeStoredEnd(
  deps: ConcludeDeps,
  attempt: OpenAttempt,
  { status, failure, stored }: StoredEnd,
): Promise<void> {
  const { finishedAt, timings, archive } = stored;
  const cancelRequestedAt = attempt.row.cancelRequestedAt;
  attempt.receipt.containerGone();
  const end = { status, failure, finishedAt: new Date(finishedAt), timings, cancelRequestedAt };
  await writeEnd(deps, attempt, end, archive);
}

/** A settled end whose archive is stored. */
export type StoredEnd = SettledEnd & { readonly stored: NonNullable<SettledEnd["stored"]> };

function whyHandedOver({ signal }: OpenAttempt): string {
  return leavesJob(stopReason(signal))
    ? "the worker stops; another one goes on"
    : "the worker of this attempt went away before anything of the job ran: it is started anew";
}

function historyOf({ row, cancelRequested }: OpenAttempt): JobHistory {
  const { failedAttempts, maxAttempts } = row;
  return { failedAttempts, maxAttempts, cancelRequested: cancelRequested() };
}

async function queueAgain(
  { store }: ConcludeDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox | null,
  next: NextAttempt,
): Promise<"queued" | "cancel_requested"> {
  const { fence, fenced, writer, logger } = attempt;
  await writer.flush();
  if (sandbox !== null) await endSandbox(attempt, sandbox);
  attempt.endsNow();
  const queued = await whileDatabaseAway(() => store.requeue(fence, next), fenced, logger);
  if (queued?.ok === false && queued.failure === "cancel_requested") {
    attempt.goesOn();
    return "cancel_requested";
  }
  if (queued?.ok === true) logger.info({ reason: next.reason, nextAttempt: queued.value }, "queued again");
  else attempt.stop("lease_lost");
  return "queued";
}

/** Ends the container, if there is one, and says so where somebody waits to hear it. */
async function endContainer(attempt: OpenAttempt, sandbox: Sandbox | null): Promise<void> {
  if (sandbox !== null) await endSandbox(attempt, sandbox);
  attempt.receipt.containerGone();
}

/** `unstored` is the reason where the archive could not be stored; no end is written then. */
async function endWithArchive(
  deps: ConcludeDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox | null,
  wanted: Ending,
): Promise<Conclusion | { readonly unstored: string }> {
  const { recorder, writer, timer } = attempt;
  recorder.enter("compile");
  if (wanted.failure !== null) recorder.system(wanted.failure.message, wanted.failure.step);
  closeSteps(attempt);
  // The outputs are asked for meanwhile: it is their result, and the log, that need all Events on disk.
  const flushed = awaitedLater(timer.time("compile", () => writer.flush()).then(() => performance.now()));
  const made: { end: FinalEnd | null } = { end: null };
  let endedBefore = false;
  const request = archiveRequest(deps, attempt, sandbox, wanted, async (taken) => {
    const flushedAt = await flushed;
    timer.add("archive", performance.now() - flushedAt);
    const reason = stopReason(attempt.signal);
    if (taken.damaged !== null && reason === "hand_over") throw new OutputsLost("left");
    endedBefore = request.hurried();
    if (endedBefore) await endContainer(attempt, sandbox);
    if (taken.damaged !== null && wanted.status === "succeeded" && reason === "shutdown")
      throw new OutputsLost({ type: "handed_over" });
    const judged = withOutputs(wanted, taken);
    const ending = {
      ...judged,
      failure: judged.failure === null ? null : toShownFailure(attempt, judged.failure),
    };
    if (ending.failure !== null && isTriedAgain(attempt, ending.failure))
      throw new OutputsLost({ type: "failed", failure: ending.failure });
    made.end = await settle(deps, attempt, ending);
    return finalView(attempt, made.end, taken);
  });
  let stored: Awaited<ReturnType<StoreArchive>>;
  try {
    stored = await deps.storeArchive(request);
  } catch (error) {
    if (!(error instanceof OutputsLost)) throw error;
    return error.outcome === "left" ? "left" : concludeAttempt(deps, attempt, sandbox, error.outcome);
  }
  if (!stored.ok) return attempt.fenced.aborted ? "over" : { unstored: stored.failure };
  const { end } = made;
  if (end === null) throw new Error("an archive was stored without a result");
  // By a bug of ours a Step may still run.
  if (endedBefore || end.status === "cancelled" || end.failure?.code === "internal") {
    await noteStored(deps, attempt, end, stored.value);
    if (!endedBefore) await endContainer(attempt, sandbox);
  }
  await writeEnd(deps, attempt, end, stored.value);
  return "over";
}

/** No Step of an ended Job is pending or running; who follows the Events is told so. */
function closeSteps({ tracker, recorder, timer }: OpenAttempt): void {
  const before = tracker.stored();
  const after = tracker.closed();
  for (const [position, step] of (after?.view.steps ?? []).entries()) {
    const open = before?.view.steps[position];
    if (open?.status === step.status) continue;
    const startedAt = open?.started_at ?? null;
    if (startedAt !== null) timer.add("steps", Math.max(0, Date.now() - Date.parse(startedAt)));
    recorder.step(step, after);
  }
}

function archiveRequest(
  { store, newArchiveKey }: ConcludeDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox | null,
  wanted: Ending,
  result: ArchiveRequest["result"],
): ArchiveRequest {
  const { row, fence, tracker, signal, fenced, mask } = attempt;
  const plan = tracker.stored();
  return {
    key: newArchiveKey(fence),
    jobId: row.id,
    sandbox,
    limits: row.request.limits,
    createdAt: row.createdAt,
    logs: () => store.logLines(row.id),
    plan: {
      source: plan?.view.source ?? null,
      prompt_version: plan?.promptVersion ?? null,
      steps: (tracker.current()?.steps ?? []).map((step) => maskStep(step, mask)),
    },
    // A cancelled Job's container is to be gone within two seconds, so that its outputs get less time.
    hurried: () => attempt.cancelRequested() || wanted.failure?.code === "timeout",
    stopping: signal,
    fenced,
    result,
  };
}

/** Gives up the archive that is being written: a new Attempt makes another. */
class OutputsLost extends Error {
  override readonly name = "OutputsLost";
  readonly outcome: AttemptOutcome | "left";
  constructor(outcome: AttemptOutcome | "left") {
    super("the outputs did not come whole");
    this.outcome = outcome;
  }
}

function isTriedAgain(attempt: OpenAttempt, failure: JobFailure): boolean {
  return decideNext(historyOf(attempt), { type: "failed", failure }).move === "new_attempt";
}

/** An end that was to be a success is none where the outputs are too large, or did not come whole. */
function withOutputs(wanted: Ending, taken: TakenOutputs): Ending {
  if (wanted.status !== "succeeded") return wanted;
  if (taken.damaged !== null) {
    const message = `the sandbox was lost while its outputs were taken: ${taken.damaged}`;
    return { status: "failed", failure: { code: "sandbox_lost", message, step: null } };
  }
  if (taken.tooLarge === null) return wanted;
  return {
    status: "failed",
    failure: { code: "output_too_large", message: taken.tooLarge, step: null },
  };
}
