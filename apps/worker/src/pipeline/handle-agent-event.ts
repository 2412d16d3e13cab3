import type { AgentEvent } from "@longshore/shared/contracts/agent-wire";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { SecretMask } from "@longshore/shared/domain/secret-mask";
import { type StepEvidence, stepSource } from "../models/analysis-request.ts";
import type { HistoryRecorder } from "./history-recorder.ts";
import { judgeFailedStep, type StepFinished, stepRemarks } from "./judge-step.ts";
import type { LogRecorder } from "./log-recorder.ts";
import type { PlanTracker } from "./plan-tracker.ts";
import type { ResumeMemory } from "./resume-memory.ts";

/** Turns the agent's Events into the Job's, and remembers what a repair turn must know. */
export interface AgentEventHandler {
  /** Takes one Event. Gives the breach of the protocol where it is one, else null. */
  handle(event: AgentEvent): string | null;
  /** Why the last Step that ended stops the plan; null where it does not. */
  failure(): JobFailure | null;
  /** True where the agent has told that a process was killed for memory. */
  sawOomKill(): boolean;
  /** The Steps of the plan in hand as a repair turn is shown them. */
  evidence(): readonly StepEvidence[];
  /** A new plan is in hand, after so many turns: what was remembered of the old one goes. */
  planReplaced(turns: number): void;
}

export interface AgentEventDeps {
  readonly tracker: PlanTracker;
  readonly recorder: HistoryRecorder;
  readonly log: LogRecorder;
  readonly memory: ResumeMemory;
  readonly mask: SecretMask;
  readonly now: () => Date;
  /** When the Step began that ran when another worker had the Attempt; null where none did. */
  readonly runningSince: Date | null;
  readonly onStepEnd: (durationMs: number, kind: string, status: string) => void;
}

// Frames come in batches, so that a Step's end can be read sooner after its start than it was.
const clockSlackMs = 1_000;

/** A handler for one Attempt. */
export function createAgentEventHandler(deps: AgentEventDeps): AgentEventHandler {
  const { tracker, recorder, log, memory, mask } = deps;
  let startedAt = deps.runningSince ?? deps.now();

  const started = (index: number): string | null => {
    startedAt = deps.now();
    const view = tracker.start(index, startedAt);
    if (view === null) return `step ${String(index)} began out of turn`;
    recorder.enter(view.kind);
    recorder.step(view, tracker.stored());
    return null;
  };
  const finished = (event: StepFinished): string | null => {
    const durationMs = believed(event.duration_ms, startedAt, deps.now());
    const view = tracker.finish(event.index, { exitCode: event.exit_code, durationMs });
    const step = tracker.current()?.steps[event.index - 1];
    if (view === null || step === undefined) return `step ${String(event.index)} ended without having begun`;
    log.stepEnded();
    for (const remark of stepRemarks(event)) recorder.system(remark, event.index);
    recorder.step(view, tracker.stored());
    deps.onStepEnd(durationMs, view.kind, view.status);
    const failed = view.status === "failed" && !step.continue_on_error;
    memory.change({
      oomKills: memory.state().oomKills + event.oom_kills,
      failure: failed ? withoutSecrets(judgeFailedStep(step, event), mask) : null,
    });
    return null;
  };
  return {
    handle: (event) => {
      switch (event.type) {
        case "step_started":
          return started(event.index);
        case "lines":
        case "dropped":
          if (tracker.running() !== event.index)
            return `step ${String(event.index)} printed and does not run`;
          return event.type === "lines" ? log.printed(event) : log.dropped(event);
        case "step_finished":
          return finished(event);
      }
    },
    failure: () => memory.state().failure,
    sawOomKill: () => memory.state().oomKills > 0,
    evidence: () => toEvidence(tracker, log, mask),
    planReplaced: (turns) => {
      memory.change({ failure: null, turn: turns, repairing: false });
      log.forgetTails();
    },
  };
}

/** The agent's clock is believed as far as ours bears it out. */
function believed(reportedMs: number, startedAt: Date, now: Date): number {
  return Math.min(reportedMs, Math.max(0, now.getTime() - startedAt.getTime()) + clockSlackMs);
}

function withoutSecrets(failure: JobFailure, mask: SecretMask): JobFailure {
  return { ...failure, message: mask.text(failure.message) };
}

function toEvidence(tracker: PlanTracker, log: LogRecorder, mask: SecretMask): readonly StepEvidence[] {
  const views = tracker.stored()?.view.steps ?? [];
  return (tracker.current()?.steps ?? []).flatMap((step, position) => {
    const view = views[position];
    if (view === undefined) return [];
    const { index, kind, name, exit_code, status } = view;
    const source = mask.text(stepSource(step));
    return [{ index, kind, name, source, exit_code, status, outputTail: log.tail(index) }];
  });
}
