import type { SettledEnd } from "@longshore/shared/contracts/settled-end";
import type { AttemptOutcome } from "@longshore/shared/domain/decide-next";
import type { JobFailure } from "@longshore/shared/domain/failure";
import { fail, type Result } from "@longshore/shared/domain/result";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import type { CarryOutDeps, HeldSandbox } from "./carry-out-deps.ts";
import { carryOut, concludeDeps } from "./carry-out.ts";
import { concludeAttempt, type StoredEnd, writeStoredEnd } from "./conclude-attempt.ts";
import { leaveAttempt } from "./leave-attempt.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { orOutlive } from "./or-outlive.ts";
import { ownSandbox } from "./own-sandbox.ts";
import { SandboxUnknown } from "./sandbox-unknown.ts";

/** An Attempt that so many workers did not survive is not given to the next one. */
const mostOwners = 20;
/** A Job of which nothing ran is started anew without that being held against it, this often. */
const freeStarts = 5;
const engineListBoundMs = 10_000;

/**
 * Goes on with an Attempt whose worker is gone, from what is on disk: writes its end where that was settled and the
 * archive stored; else adopts the Sandbox. Where that is gone, or its past cannot be read (`readable` false), a new
 * Attempt is made by the Job's own rule. Rejects where the engine does not do what is asked of it: the Lease then runs
 * out, and whoever takes it tries again.
 */
export async function takeOver(deps: CarryOutDeps, attempt: OpenAttempt, readable: boolean): Promise<void> {
  const { settled } = attempt.row;
  if (attempt.row.cancelRequestedAt !== null) attempt.stop("cancelled");
  if (settled !== null && isStored(settled)) {
    await removeSandboxes(deps, attempt);
    return writeStoredEnd(concludeDeps(deps), attempt, settled);
  }
  const unfit = whyUnfit(attempt, readable);
  if (unfit !== null) {
    await removeSandboxes(deps, attempt);
    return end(deps, attempt, null, lost(unfit));
  }
  if (settled === null) return carryOut(deps, attempt, adoptSandbox);
  const adopted = await adopt(deps, attempt);
  if (adopted === "superseded") return;
  // A success needs its outputs; any other end was final when it was settled.
  const gone = typeof adopted === "string" && settled.status === "succeeded";
  const outcome = gone ? lost(adopted) : outcomeOf(settled);
  return end(deps, attempt, typeof adopted === "string" ? null : adopted.sandbox, outcome);
}

/** Why this worker must not go on with the Sandbox; null where it may. */
function whyUnfit({ row, secrets }: OpenAttempt, readable: boolean): string | null {
  if (!readable) return "it was run by another version of the worker";
  if (row.leaseEpoch > mostOwners) return "it has changed hands too often";
  return secrets.ok ? null : `the job's secrets cannot be opened: ${secrets.failure}`;
}

function isStored(settled: SettledEnd): settled is StoredEnd {
  return settled.stored !== null;
}

function outcomeOf({ status, failure }: SettledEnd): AttemptOutcome {
  return failure === null
    ? { type: status === "cancelled" ? "cancelled" : "succeeded" }
    : { type: "failed", failure };
}

function lost(reason: string): AttemptOutcome {
  const message = `the worker that ran this attempt is gone, and its sandbox cannot be adopted: ${reason}`;
  const failure: JobFailure = { code: "worker_lost", message, step: null };
  return { type: "failed", failure };
}

/** The Sandbox, `superseded`, or a sentence why there is none any more. */
async function adopt(
  deps: CarryOutDeps,
  attempt: OpenAttempt,
): Promise<{ readonly sandbox: Sandbox; readonly running: boolean } | string> {
  const { row, fence, fenced, recorder, logger } = attempt;
  const { provider, store } = deps;
  const token = await store.resumeToken(fence);
  const spec = { jobId: row.id, attempt: row.attempt, epoch: row.leaseEpoch, after: row.agentSeq, token };
  const adoption = await orOutlive(deps, attempt, () => provider.adopt(spec, fenced));
  if (adoption === "outlived") {
    attempt.receipt.endUnseen();
    return "the engine says nothing of it, and its agent has ended itself, as nobody has spoken to it for too long";
  }
  logger.info({ adoption: adoption.type, epoch: row.leaseEpoch }, "took over from a worker that is gone");
  if (adoption.type === "superseded") attempt.stop("lease_lost");
  if (adoption.type !== "adopted") return adoption.type === "gone" ? adoption.reason : "superseded";
  recorder.system("the worker of this attempt is gone: another one goes on with the same sandbox");
  return adoption;
}

async function adoptSandbox(
  deps: CarryOutDeps,
  attempt: OpenAttempt,
): Promise<Result<HeldSandbox, AttemptOutcome>> {
  const { row } = attempt;
  const adopted = await adopt(deps, attempt).catch((cause: unknown) => {
    throw new SandboxUnknown("whether the sandbox is still there cannot be found out", { cause });
  });
  if (typeof adopted !== "string") {
    const { sandbox, running } = adopted;
    return { ok: true, value: { sandbox, resumed: { after: row.agentSeq, running } } };
  }
  if (attempt.cancelRequested()) return fail({ type: "cancelled" });
  const nothingRan = row.sandbox === null && row.agentSeq === 0;
  const free = nothingRan && row.attempt - row.failedAttempts <= freeStarts;
  return fail(free ? { type: "handed_over" } : lost(adopted));
}

async function end(
  deps: CarryOutDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox | null,
  outcome: AttemptOutcome,
): Promise<void> {
  const own = sandbox === null ? null : ownSandbox(attempt, sandbox, attempt.row.agentSeq);
  try {
    const conclusion = await concludeAttempt(concludeDeps(deps), attempt, sandbox, outcome);
    if (conclusion === "left") await leaveAttempt(deps, attempt, sandbox);
  } finally {
    await own?.letGo();
  }
}

/** One that the engine says nothing of is left to a sweep, once it runs no more. */
async function removeSandboxes(deps: CarryOutDeps, attempt: OpenAttempt): Promise<void> {
  const { provider } = deps;
  const removed = await orOutlive(deps, attempt, async () => {
    const sandboxes = await provider.list(AbortSignal.timeout(engineListBoundMs));
    for (const each of sandboxes) if (each.jobId === attempt.row.id) await provider.removeListed(each);
  });
  if (removed === "outlived") attempt.receipt.endUnseen();
}
