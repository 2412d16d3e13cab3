import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import type { Step } from "@longshore/shared/contracts/step";
import type { JobFailure } from "@longshore/shared/domain/failure";

export type StepFinished = Extract<AgentEvent, { type: "step_finished" }>;

/** Why a Step that did not exit 0 failed. Exit code 137 alone proves nothing: a program may have sent itself SIGKILL. */
export function judgeFailedStep(step: Step, end: StepFinished): JobFailure {
  const title = `step ${String(end.index)} (${step.kind}${step.name === undefined ? "" : `, ${step.name}`})`;
  if (end.timed_out) {
    const message = `${title} was killed after its timeout_seconds of ${String(step.timeout_seconds)}`;
    return { code: "step_failed", message, step: end.index };
  }
  if (end.oom_kills > 0) {
    const message = `${title} failed: the sandbox ran out of memory; raise limits.memory_mb or use less`;
    return { code: "out_of_memory", message, step: end.index };
  }
  if (end.disk_full) {
    // Memory pays for inodes: see sandbox-bounds.
    const advice = "raise limits.disk_mb (limits.memory_mb, where it has too many files) or write less";
    const message = `${title} failed: /workspace is full; ${advice}`;
    return { code: "disk_full", message, step: end.index };
  }
  const how = end.note ?? `it exited with code ${String(end.exit_code)}`;
  return { code: "step_failed", message: `${title} failed: ${how}`, step: end.index };
}

/** What a Step's end has to say in the log beside its exit code: what was killed, what was full. */
export function stepRemarks(end: StepFinished): readonly string[] {
  const remarks: string[] = [];
  if (end.note !== null) remarks.push(end.note);
  if (end.timed_out)
    remarks.push("the step ran over its timeout_seconds and was killed with all its processes");
  if (end.oom_kills > 0) {
    const what = end.oom_kills === 1 ? "a process was" : `${String(end.oom_kills)} processes were`;
    remarks.push(`${what} killed for memory: the sandbox reached its memory limit`);
  }
  if (end.disk_full)
    remarks.push("/workspace is full: the sandbox reached limits.disk_mb or its number of files");
  return remarks;
}
