import type { AttemptOutcome } from "@longshore/shared/domain/decide-next";
import type { Analyst } from "../pipeline/analyst.ts";
import { type AgentEventHandler, createAgentEventHandler } from "../pipeline/handle-agent-event.ts";
import { framePace } from "../pipeline/frame-reader.ts";
import { createLogRecorder, type LogRecorder } from "../pipeline/log-recorder.ts";
import type { Plan } from "../pipeline/plan-tracker.ts";
import { runPipeline } from "../pipeline/run-pipeline.ts";
import { jobFrames } from "../pipeline/send-job.ts";
import type { CarryOutDeps, HeldSandbox } from "./carry-out-deps.ts";
import type { OpenSecrets } from "./open-secrets.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { openEgress } from "./open-egress.ts";
import { sampleSandbox } from "./sample-sandbox.ts";
import { stopReason } from "./stop-reason.ts";
import { toOutcome } from "./to-outcome.ts";
import { watchSandbox } from "./watch-sandbox.ts";
import { whileDatabaseAway } from "./while-database-away.ts";

/** Runs the pipeline in the Sandbox, from its beginning or from where another worker had come, and says how that ended. */
export async function drivePipeline(
  deps: CarryOutDeps,
  attempt: OpenAttempt,
  { sandbox, resumed }: HeldSandbox,
  analyst: Analyst,
): Promise<AttemptOutcome> {
  const { row, recorder, memory, tracker, timer, writer, signal } = attempt;
  const secrets = secretsOf(attempt);
  const { request, env } = secrets;
  // Who was frozen while the Sandbox started may have lost it: the Job then is another's to send.
  if (!(await attempt.holds())) return { type: "handed_over" };
  const resumeToken = await read(attempt, () => deps.store.resumeToken(attempt.fence));
  const log = createLogRecorder(recorder, request.limits, memory, secrets);
  if (resumed !== null) await restoreTails(deps, attempt, log);
  const stopWatching = watchSandbox(sandbox, attempt);
  const stopSampling = sampleSandbox(sandbox, attempt, deps.store);
  const egress = openEgress(deps.egress, attempt, sandbox, request.network);
  const leaves = () => attempt.fenced.aborted || stopReason(signal) === "hand_over";
  try {
    const end = await runPipeline(
      {
        ...{ sandbox, analyst, tracker, recorder, resumed, framePace },
        events: agentEvents(deps, attempt, log),
        firstFrames: (plan: Plan | null) =>
          jobFrames(
            { jobId: row.id, attempt: row.attempt, request, secrets: env, resumeToken },
            plan?.steps ?? null,
          ),
        timed: (phase, work) => timer.time(phase, work),
        inFrame: writer.frame,
        together: writer.together,
        leaves,
        onStopping: () => attempt.receipt.delivered(),
      },
      signal,
    );
    if (!leaves()) writer.together(() => log.stepEnded());
    return await toOutcome(attempt, end, sandbox);
  } finally {
    stopWatching();
    stopSampling();
    egress.stop();
  }
}

/** An Attempt whose secrets cannot be opened has nobody to plan it, and so no Sandbox. */
function secretsOf({ secrets }: OpenAttempt): OpenSecrets {
  if (secrets.ok) return secrets.value;
  throw new Error(`a job whose secrets cannot be opened has got a sandbox: ${secrets.failure}`);
}

function agentEvents(
  { metrics }: CarryOutDeps,
  { row, tracker, recorder, memory, timer, mask }: OpenAttempt,
  log: LogRecorder,
): AgentEventHandler {
  const running = row.plan?.view.steps.find(({ status }) => status === "running")?.started_at ?? null;
  return createAgentEventHandler({
    ...{ tracker, recorder, log, memory, mask },
    now: () => new Date(),
    runningSince: running === null ? null : new Date(running),
    onStepEnd: (durationMs, kind, status) => {
      timer.add("steps", durationMs);
      metrics.stepEnded(durationMs, kind, status);
    },
  });
}

/** What a repair turn is shown of the Steps that ran under another worker is in the log. */
async function restoreTails({ store }: CarryOutDeps, attempt: OpenAttempt, log: LogRecorder): Promise<void> {
  const tails = await read(attempt, () => store.stepTails(attempt.fence));
  for (const { step, text } of tails) log.restoreTail(step, text);
}

/** An outage of the database is waited for. Rejects where the Lease is lost. */
async function read<Value extends object | string>(
  { fenced, logger }: OpenAttempt,
  ask: () => Promise<Value>,
): Promise<Value> {
  const value = await whileDatabaseAway(ask, fenced, logger);
  if (value === null) throw new Error("the lease is lost: the sandbox is another worker's");
  return value;
}
