import { fail, type Result } from "@longshore/shared/domain/result";
import type { Step } from "@longshore/shared/contracts/step";
import type { AttemptOutcome } from "@longshore/shared/domain/decide-next";
import type { JobFailure } from "@longshore/shared/domain/failure";
import { nothingToResume, readResumeState, type ResumeState } from "../pipeline/resume-memory.ts";
import type { AttemptRegistry } from "./attempt-registry.ts";
import type { CarryOutDeps, HeldSandbox } from "./carry-out-deps.ts";
import { carryOut } from "./carry-out.ts";
import { type OpenAttempt, openAttempt, type OpenAttemptDeps, type TakenLease } from "./open-attempt.ts";
import { takeOver } from "./take-over.ts";
import { toOutcome } from "./to-outcome.ts";

export interface RunAttemptDeps extends OpenAttemptDeps, CarryOutDeps {
  readonly registry: AttemptRegistry;
}

/** What a worker does with an Attempt whose Lease it has taken. */
export interface AttemptRunner {
  /** Runs it from the Sandbox to the end. Resolves when nothing of it is left in this process. */
  run(lease: TakenLease): Promise<void>;
  /** Goes on with an Attempt whose worker is gone, in its Sandbox where that still runs; likewise. */
  takeOver(lease: TakenLease): Promise<void>;
}

/** A runner of Attempts; the Attempts themselves share nothing. */
export function createAttemptRunner(deps: RunAttemptDeps): AttemptRunner {
  return {
    run: (lease) =>
      inAttempt(deps, lease, nothingToResume, (attempt) => carryOut(deps, attempt, startSandbox)),
    takeOver: (lease) => {
      const resume = readResumeState(lease.row.resume);
      return inAttempt(deps, lease, resume ?? nothingToResume, (attempt) =>
        takeOver(deps, attempt, resume !== null),
      );
    },
  };
}

async function inAttempt(
  deps: RunAttemptDeps,
  lease: TakenLease,
  from: ResumeState,
  work: (attempt: OpenAttempt) => Promise<void>,
): Promise<void> {
  const { row } = lease;
  const attempt = openAttempt(deps, lease, from);
  const release = deps.registry.add({
    jobId: row.id,
    attempt: row.attempt,
    stop: (reason, at) => attempt.stop(reason, at),
  });
  const stopTimer = deps.metrics.attemptStarted();
  try {
    if (row.plan !== null) attempt.tracker.restore(row.plan, storedSteps(attempt));
    await work(attempt);
  } catch (error) {
    // Once fenced out, whatever is still under way may fail: somebody else has the Job.
    if (!attempt.fenced.aborted) throw error;
  } finally {
    stopTimer();
    release();
    await attempt.close();
  }
}

/** None, where they are sealed and this worker has not the key: it then goes on with nothing. */
function storedSteps({ row: { planSteps }, secrets }: OpenAttempt): readonly Step[] {
  return planSteps === null || !secrets.ok ? [] : secrets.value.unsealSteps(planSteps);
}

/** A Sandbox, or how the Attempt ends without one: it could not be started, or the Attempt was stopped meanwhile. */
async function startSandbox(
  { provider, metrics }: CarryOutDeps,
  attempt: OpenAttempt,
): Promise<Result<HeldSandbox, AttemptOutcome>> {
  const { row, signal, timer, recorder } = attempt;
  const spec = { jobId: row.id, attempt: row.attempt, limits: row.request.limits };
  try {
    const began = performance.now();
    const started = await timer.time("sandbox_start", () => provider.start(spec, signal));
    metrics.sandboxStarted(started.ok ? started.value.warm : null, performance.now() - began);
    if (started.ok) {
      const sandbox = started.value;
      recorder.sandbox({ provider: provider.name, runtime: provider.runtime, warm: sandbox.warm });
      return { ok: true, value: { sandbox, resumed: null } };
    }
    const failure: JobFailure = { ...started.failure, step: null };
    return fail(await toOutcome(attempt, signal.aborted ? { type: "stopped" } : { type: "failed", failure }));
  } catch (error) {
    if (!signal.aborted) throw error;
    return fail(await toOutcome(attempt, { type: "stopped" }));
  }
}
