import type { AgentEvent, WireStep } from "@longshore/shared/contracts/agent-wire";
import type { FileFault } from "../sandbox/place-file.ts";
import type { RunStep } from "./run-step.ts";

export interface RunJobDeps {
  readonly runStep: RunStep;
  /** The plan of a turn, or null where there is none. */
  readonly askForPlan: (turn: number) => Promise<readonly WireStep[] | null>;
  readonly emit: (event: AgentEvent) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs plan after plan until one has succeeded, or there is no other. True where it came to its end, false where
 * it was stopped.
 */
export async function runJob(
  explicit: readonly WireStep[] | null,
  fault: FileFault | null,
  deps: RunJobDeps,
): Promise<boolean> {
  if (deps.stop.aborted) return false;
  let turn = explicit === null ? 1 : 0;
  let plan = explicit ?? (await deps.askForPlan(turn));
  for (let missing = fault; plan !== null && !deps.stop.aborted; missing = null) {
    if (await runPlan(plan, missing, deps)) break;
    if (deps.stop.aborted) break;
    turn += 1;
    plan = await deps.askForPlan(turn);
  }
  return !deps.stop.aborted;
}

/** True where all Steps succeeded, or failed and were allowed to. */
async function runPlan(
  plan: readonly WireStep[],
  missing: FileFault | null,
  { runStep, emit, stop }: RunJobDeps,
): Promise<boolean> {
  if (missing !== null) {
    tellMissingFile(missing, emit);
    return false;
  }
  for (const [position, step] of plan.entries()) {
    if (stop.aborted) return false;
    if (!(await runStep(step, position + 1)) && !step.continue_on_error) return false;
  }
  return true;
}

/**
 * One of the Job's files could not be written before the first Step. The wire has no word for that, and a plan
 * must not run without its input: so its first Step is told as failed, without being run.
 */
function tellMissingFile({ code, message }: FileFault, emit: (event: AgentEvent) => void): void {
  emit({ type: "step_started", index: 1 });
  emit({
    type: "step_finished",
    index: 1,
    exit_code: 1,
    timed_out: false,
    sigkilled: false,
    oom_kills: 0,
    disk_full: code === "ENOSPC",
    note: `The Step was not run, as a file of the Job is missing: ${message}`,
    duration_ms: 0,
  });
}
