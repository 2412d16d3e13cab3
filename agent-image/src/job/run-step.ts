import type { AgentEvent, WireStep } from "@longshore/shared/contracts/agent-wire";
import type { LogBudget } from "../log/log-budget.ts";
import { createStreamLog } from "../log/stream-log.ts";
import { readOomKills } from "../sandbox/cgroup.ts";
import { isDiskFull } from "../sandbox/disk-full.ts";
import { performStep } from "../steps/perform-step.ts";
import type { ProgramRun } from "../steps/run-program.ts";

/** Runs the Step of that index and tells about it. True where it exited 0. */
export type RunStep = (step: WireStep, index: number) => Promise<boolean>;

export interface RunStepDeps extends Pick<ProgramRun, "starter" | "killAll" | "hasRoom" | "onRoom" | "stop"> {
  readonly budget: LogBudget;
  readonly emit: (event: AgentEvent) => void;
  readonly environment: (index: number) => Readonly<Record<string, string>>;
}

export function createRunStep(deps: RunStepDeps): RunStep {
  const { budget, emit, environment, stop } = deps;

  return async (step, index) => {
    emit({ type: "step_started", index });
    const startedAt = performance.now();
    const killedBefore = readOomKills();
    const droppedBefore = budget.dropped();
    const outcome = await performStep(step, index, {
      ...deps,
      timeoutMs: step.timeout_ms,
      env: environment(index),
      stdout: createStreamLog(index, "stdout", { budget, emit }),
      stderr: createStreamLog(index, "stderr", { budget, emit }),
    });
    const dropped = budget.dropped();
    if (dropped.bytes > droppedBefore.bytes) emit({ type: "dropped", index, ...dropped });
    // It was killed by `cancel`: it did not finish, and the worker knows why.
    if (stop.aborted) return false;
    emit({
      type: "step_finished",
      index,
      exit_code: outcome.exitCode,
      timed_out: outcome.timedOut,
      sigkilled: outcome.sigkilled,
      oom_kills: Math.max(0, readOomKills() - killedBefore),
      disk_full: isDiskFull(),
      note: outcome.note,
      duration_ms: Math.round(performance.now() - startedAt),
    });
    return outcome.exitCode === 0;
  };
}
