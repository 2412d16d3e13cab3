import { randomUUID } from "node:crypto";
import type { AttemptOutcome } from "@longshore/shared/domain/decide-next";
import type { JobFailure } from "@longshore/shared/domain/failure";
import { fail, type Result } from "@longshore/shared/domain/result";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { ModelGateway } from "../models/create-model-gateway.ts";
import type { Analyst } from "../pipeline/analyst.ts";
import { chooseAnalyst } from "../pipeline/choose-analyst.ts";
import { createAgentEventHandler } from "../pipeline/handle-agent-event.ts";
import { createLogRecorder } from "../pipeline/log-recorder.ts";
import type { Plan } from "../pipeline/plan-tracker.ts";
import { type PipelineEnd, runPipeline } from "../pipeline/run-pipeline.ts";
import { jobFrames } from "../pipeline/send-job.ts";
import type { Sandbox, SandboxProvider } from "../sandbox/sandbox-provider.ts";
import type { WorkerMetrics } from "../worker-metrics.ts";
import type { AttemptRegistry } from "./attempt-registry.ts";
import { concludeAttempt, type ConcludeDeps } from "./conclude-attempt.ts";
import { type OpenAttempt, openAttempt, type OpenAttemptDeps } from "./open-attempt.ts";
import { startAcknowledger } from "./start-acknowledger.ts";
import { stopReason } from "./stop-reason.ts";
import { watchSandbox } from "./watch-sandbox.ts";

export interface RunAttemptDeps extends OpenAttemptDeps, Omit<ConcludeDeps, "onEnd"> {
  readonly provider: SandboxProvider;
  readonly gateway: ModelGateway;
  readonly registry: AttemptRegistry;
  readonly metrics: WorkerMetrics;
}

const engineListBoundMs = 10_000;

/** What a worker does with an Attempt whose Lease it has taken. */
export interface AttemptRunner {
  /** Runs it from the Sandbox to the end. Resolves when nothing of it is left in this process. */
  run(row: JobRow): Promise<void>;
  /** Ends or queues again an Attempt whose worker is gone. */
  giveUp(row: JobRow): Promise<void>;
}

/** A runner of Attempts; the Attempts themselves share nothing. */
export function createAttemptRunner(deps: RunAttemptDeps): AttemptRunner {
  return {
    run: (row) => inAttempt(deps, row, (attempt) => runOpenAttempt(deps, attempt)),
    giveUp: (row) =>
      inAttempt(deps, row, async (attempt) => {
        await removeSandboxes(deps.provider, row.id);
        const message = "the worker that ran this attempt is gone";
        const failure: JobFailure = { code: "worker_lost", message, step: null };
        await concludeAttempt(concludeDeps(deps), attempt, null, { type: "failed", failure });
      }),
  };
}

async function removeSandboxes(provider: SandboxProvider, jobId: string): Promise<void> {
  const sandboxes = await provider.list(AbortSignal.timeout(engineListBoundMs));
  for (const each of sandboxes) if (each.jobId === jobId) await provider.removeByRef(each.ref);
}

function concludeDeps({ store, storeArchive, retentionDays, metrics }: RunAttemptDeps): ConcludeDeps {
  return {
    store,
    storeArchive,
    retentionDays,
    onEnd: (status, failure) => metrics.jobEnded(status, failure),
  };
}

async function inAttempt(deps: RunAttemptDeps, row: JobRow, work: (attempt: OpenAttempt) => Promise<void>) {
  const attempt = openAttempt(deps, row);
  const release = deps.registry.add({
    jobId: row.id,
    attempt: row.attempt,
    stop: (reason) => attempt.stop(reason),
  });
  const stopTimer = deps.metrics.attemptStarted();
  try {
    if (row.plan !== null) attempt.tracker.restore(row.plan, row.planSteps ?? []);
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

async function runOpenAttempt(deps: RunAttemptDeps, attempt: OpenAttempt): Promise<void> {
  const { row, recorder } = attempt;
  const deadline = setTimeout(() => attempt.stop("timeout"), row.request.limits.timeout_seconds * 1_000);
  let sandbox: Sandbox | null = null;
  try {
    const analyst = chooseAnalyst(row.request, deps.gateway, recorder);
    // What is given needs no analysis.
    if (analyst.givenPlan === null) recorder.enter("analyze");
    let outcome: AttemptOutcome;
    if (analyst.absent === null) {
      const started = await startSandbox(deps, attempt);
      if (started.ok) sandbox = started.value;
      outcome = started.ok ? await pipelineOutcome(deps, attempt, started.value, analyst) : started.failure;
    } else {
      // What nobody can plan needs no Sandbox.
      outcome = { type: "failed", failure: analyst.absent };
    }
    clearTimeout(deadline);
    if (!attempt.fenced.aborted) await concludeAttempt(concludeDeps(deps), attempt, sandbox, outcome);
  } catch (error) {
    if (attempt.fenced.aborted) return;
    const reference = randomUUID();
    attempt.logger.error({ err: error, reference }, "the attempt failed by a bug");
    const message = `a fault inside the service; its log tells more at ${reference}`;
    const failure: JobFailure = { code: "internal", message, step: null };
    await concludeAttempt(concludeDeps(deps), attempt, sandbox, { type: "failed", failure });
  } finally {
    clearTimeout(deadline);
    await letGo(sandbox);
  }
}

/** Where the engine does not answer, what is left is removed by a sweep. */
async function letGo(sandbox: Sandbox | null): Promise<void> {
  try {
    await sandbox?.end();
  } finally {
    await sandbox?.remove();
  }
}

/** A Sandbox, or how the Attempt ends without one: it could not be started, or the Attempt was stopped meanwhile. */
async function startSandbox(
  { provider, metrics }: RunAttemptDeps,
  attempt: OpenAttempt,
): Promise<Result<Sandbox, AttemptOutcome>> {
  const { row, signal, timer } = attempt;
  const spec = { jobId: row.id, attempt: row.attempt, limits: row.request.limits };
  try {
    const started = await timer.time("sandbox_start", () => provider.start(spec, signal));
    metrics.sandboxStarted(started.ok);
    if (started.ok) return started;
    const failure: JobFailure = { ...started.failure, step: null };
    return fail(await toOutcome(attempt, signal.aborted ? { type: "stopped" } : { type: "failed", failure }));
  } catch (error) {
    if (!signal.aborted) throw error;
    return fail(await toOutcome(attempt, { type: "stopped" }));
  }
}

async function pipelineOutcome(
  deps: RunAttemptDeps,
  attempt: OpenAttempt,
  sandbox: Sandbox,
  analyst: Analyst,
): Promise<AttemptOutcome> {
  const { row, recorder, tracker, timer, writer, signal } = attempt;
  recorder.sandbox({ provider: deps.provider.name, runtime: deps.provider.runtime, warm: sandbox.warm });
  const acknowledger = startAcknowledger(sandbox);
  const stopWatching = watchSandbox(sandbox, attempt.logger);
  attempt.onAgentSeqStored((seq) => acknowledger.stored(seq));
  const events = createAgentEventHandler({
    tracker,
    recorder,
    log: createLogRecorder(recorder, row.request.limits),
    now: () => new Date(),
    onStepEnd: (durationMs, kind, status) => {
      timer.add("steps", durationMs);
      deps.metrics.stepEnded(durationMs, kind, status);
    },
  });
  try {
    const firstFrames = (plan: Plan | null) =>
      jobFrames({ jobId: row.id, attempt: row.attempt, request: row.request }, plan?.steps ?? null);
    const end = await runPipeline(
      {
        ...{ sandbox, analyst, tracker, recorder, events, firstFrames },
        timed: (phase, work) => timer.time(phase, work),
        frameDone: (seq) => writer.frameDone(seq),
      },
      signal,
    );
    return await toOutcome(attempt, end, sandbox, events.sawOomKill());
  } finally {
    stopWatching();
    acknowledger.stop();
  }
}

async function toOutcome(
  attempt: OpenAttempt,
  end: PipelineEnd,
  sandbox?: Sandbox,
  sawOomKill = false,
): Promise<AttemptOutcome> {
  const reason = stopReason(attempt.signal);
  if (end.type === "completed") return { type: "succeeded" };
  if (reason === "cancelled") return { type: "cancelled" };
  if (end.type === "failed") return { type: "failed", failure: end.failure };
  if (reason === "shutdown") return { type: "handed_over" };
  if (reason === "timeout") {
    const seconds = attempt.row.request.limits.timeout_seconds;
    const message = `the job ran longer than its limits.timeout_seconds of ${String(seconds)}`;
    return { type: "failed", failure: { code: "timeout", message, step: attempt.tracker.running() } };
  }
  const why = end.type === "sandbox_gone" ? end.reason : "the attempt was stopped";
  const step = attempt.tracker.running();
  const ended = await sandbox?.end();
  // The engine's mark stays once a process was killed for memory: where the agent has told of one, it says nothing new.
  const oomKilled = ended?.oomKilled === true && !sawOomKill;
  return { type: "failed", failure: sandboxFailure(why, step, oomKilled) };
}

/** Whether the container went away because its own memory bound ended the agent too, or for no fault of the Job. */
function sandboxFailure(why: string, step: number | null, oomKilled: boolean): JobFailure {
  if (oomKilled) {
    const message = "the sandbox ran out of memory and ended; raise limits.memory_mb or use less";
    return { code: "out_of_memory", message, step };
  }
  return { code: "sandbox_lost", message: `the sandbox was lost: ${why}`, step };
}
