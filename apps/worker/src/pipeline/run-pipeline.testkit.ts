import type { AgentEvent, AgentFrame, WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import { noUsage } from "@longshore/shared/contracts/usage";
import { emptyMask } from "@longshore/shared/domain/secret-mask";
import type { Step } from "@longshore/shared/contracts/step";
import { type Analyst, createFixedAnalyst } from "./analyst.ts";
import { createAgentEventHandler } from "./handle-agent-event.ts";
import { framePace as usualPace } from "./frame-reader.ts";
import { createHistoryRecorder } from "./history-recorder.ts";
import { createLogRecorder } from "./log-recorder.ts";
import { createPlanTracker, type PlanTracker } from "./plan-tracker.ts";
import type { ResumeState } from "./resume-memory.ts";
import { memoryOf } from "./resume-memory.testkit.ts";
import type { PipelineDeps } from "./run-pipeline.ts";

const bareEnd = {
  timed_out: false,
  sigkilled: false,
  oom_kills: 0,
  disk_full: false,
  note: null,
  duration_ms: 1,
};

export const started: AgentEvent = { type: "step_started", index: 1 };
export const printed: AgentEvent = {
  type: "lines",
  index: 1,
  stream: "stdout",
  lines: ["said"],
  continued: [],
};
export const endedWith = (exit_code: number): AgentEvent => ({
  type: "step_finished",
  index: 1,
  exit_code,
  ...bareEnd,
});
export const request: AgentFrame = { type: "model_request", turn: 1, files: [] };
export const oneStep: readonly Step[] = [{ kind: "shell", command: "x", continue_on_error: false }];

/** What a fresh agent is sent before anything else, here. */
export const first: WorkerFrame = { type: "file", path: "first", data: "", append: false };

type Said = AgentEvent | AgentFrame | "done";

/** Numbers events as an agent does whose frames up to `after` are acknowledged; other frames stay. */
export function numberedFrom(after: number, ...said: readonly Said[]): AgentFrame[] {
  let seq = after;
  return said.map((each) => {
    if (each === "done") return { type: "done", seq: (seq += 1) };
    if (
      each.type === "step_started" ||
      each.type === "lines" ||
      each.type === "dropped" ||
      each.type === "step_finished"
    )
      return { type: "event", seq: (seq += 1), event: each };
    return each;
  });
}

export const numbered = (...said: readonly Said[]): AgentFrame[] => numberedFrom(0, ...said);

interface Play
  extends Partial<PipelineDeps["sandbox"]>, Partial<Pick<PipelineDeps, "resumed" | "leaves" | "framePace">> {
  /** Gives what the agent says after its first frames. */
  readonly later?: () => Promise<readonly AgentFrame[]>;
  /** One given step, where left out. */
  readonly analyst?: Analyst;
  readonly memory?: Partial<ResumeState>;
  /** Brings the plan to where the last owner had left it. */
  readonly before?: (tracker: PlanTracker) => void;
}

/** A pipeline against an agent that says these frames, and what it did. */
export function pipelineOf(frames: readonly AgentFrame[], play: Play = {}) {
  const { later, analyst, memory: remembered, before, resumed, leaves, framePace, ...changes } = play;
  const sent: WorkerFrame[] = [];
  const texts: string[] = [];
  const plans: number[] = [];
  const done: number[] = [];
  let stops = 0;
  const recorder = createHistoryRecorder(
    {
      add: (event) => {
        if (event.type === "log") texts.push(event.text);
        if (event.type === "plan") plans.push(event.body.turns);
      },
      progress: () => undefined,
    },
    { attempt: 1, usage: noUsage, sandbox: null, node: null },
  );
  const tracker = createPlanTracker();
  before?.(tracker);
  const memory = memoryOf(remembered);
  const said = async function* () {
    yield* frames;
    if (later !== undefined) yield* await later();
  };
  const deps: PipelineDeps = {
    sandbox: {
      ...{ frames: said(), breach: () => null },
      send: (frame) => Promise.resolve(void sent.push(frame)),
      ...changes,
    },
    analyst: analyst ?? createFixedAnalyst("explicit", oneStep),
    ...{ tracker, recorder, framePace: framePace ?? usualPace },
    events: createAgentEventHandler({
      ...{ tracker, recorder, memory, mask: emptyMask, runningSince: null },
      ...{ now: () => new Date(), onStepEnd: () => undefined },
      log: createLogRecorder(recorder, { log_mb: 1 }, memory),
    }),
    timed: (_, work) => work(),
    inFrame: (seq, work) => {
      const breach = work();
      if (breach === null) done.push(seq);
      return breach;
    },
    together: (work) => work(),
    firstFrames: () => [first],
    ...{ resumed: resumed ?? null, leaves: leaves ?? (() => false) },
    onStopping: () => void (stops += 1),
  };
  return { deps, sent, texts, plans, done, memory, tracker, stops: () => stops };
}
