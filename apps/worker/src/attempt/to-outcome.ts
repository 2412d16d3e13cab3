import type { AttemptOutcome } from "@longshore/shared/domain/decide-next";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { PipelineEnd } from "../pipeline/run-pipeline.ts";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import { endSandbox } from "./end-sandbox.ts";
import type { OpenAttempt } from "./open-attempt.ts";
import { leavesJob, stopReason } from "./stop-reason.ts";

/** How the Attempt ended, by how its pipeline did and why it was stopped, if it was: the first reason counts. */
export async function toOutcome(
  attempt: OpenAttempt,
  end: PipelineEnd,
  sandbox?: Sandbox,
): Promise<AttemptOutcome> {
  const reason = stopReason(attempt.signal);
  if (end.type === "completed") return { type: "succeeded" };
  if (reason === "cancelled") return { type: "cancelled" };
  if (end.type === "failed") return { type: "failed", failure: end.failure };
  if (leavesJob(reason)) return { type: "handed_over" };
  if (reason === "timeout") {
    const seconds = attempt.row.request.limits.timeout_seconds;
    const message = `the job ran longer than its limits.timeout_seconds of ${String(seconds)}`;
    return { type: "failed", failure: { code: "timeout", message, step: attempt.tracker.running() } };
  }
  const why = end.type === "sandbox_gone" ? end.reason : "the attempt was stopped";
  const step = attempt.tracker.running();
  const ended = sandbox === undefined ? null : await endSandbox(attempt, sandbox);
  // The engine's mark stays once a process was killed for memory: where the agent has told of one, it says nothing new.
  const oomKilled = ended?.oomKilled === true && attempt.memory.state().oomKills === 0;
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
