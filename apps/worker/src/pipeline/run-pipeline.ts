import type { AgentFrame, WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import type { Step } from "@longshore/shared/contracts/step";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { PaceBounds } from "@longshore/shared/runtime/pace";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import type { AgentEventHandler } from "./handle-agent-event.ts";
import type { Analyst, WorkspaceFiles } from "./analyst.ts";
import { createFrameReader, type FrameReader } from "./frame-reader.ts";
import { orAborted } from "./or-aborted.ts";
import { createFrameSequence, type FrameSequence } from "./frame-sequence.ts";
import type { HistoryRecorder } from "./history-recorder.ts";
import type { Plan, PlanTracker } from "./plan-tracker.ts";
import { toWireStep } from "./send-job.ts";

export interface PipelineDeps {
  readonly sandbox: Pick<Sandbox, "frames" | "send" | "breach">;
  readonly analyst: Analyst;
  readonly tracker: PlanTracker;
  readonly recorder: HistoryRecorder;
  readonly events: AgentEventHandler;
  /** How many of the agent's frames are taken. */
  readonly framePace: PaceBounds;
  /** Counts the time of a phase. */
  readonly timed: <Value>(phase: "analyze", work: () => Promise<Value>) => Promise<Value>;
  /** Stores what comes of an agent's numbered frame, as one; see EventWriter. */
  readonly inFrame: (seq: number, work: () => string | null) => string | null;
  readonly together: (work: () => void) => void;
  readonly firstFrames: (steps: Plan | null) => Iterable<WorkerFrame>;
  /** Where another worker began it: the agent's last frame on disk, and whether the agent has the Job. Null for a fresh one. */
  readonly resumed: { readonly after: number; readonly running: boolean } | null;
  /** True where the Sandbox is another's, or is left to another: then nothing more is said to its agent. */
  readonly leaves: () => boolean;
  /** Called when the Steps are about to be stopped. */
  readonly onStopping: () => void;
}

/** How the pipeline ended. Only `completed` may become a success. */
export type PipelineEnd =
  | { readonly type: "completed" }
  | { readonly type: "failed"; readonly failure: JobFailure }
  | { readonly type: "stopped" }
  | { readonly type: "sandbox_gone"; readonly reason: string };

const stopBoundMs = 400;

/** Runs the Job in its Sandbox: sends it, hears what happens, and answers the agent's requests for plans. */
export async function runPipeline(deps: PipelineDeps, signal: AbortSignal): Promise<PipelineEnd> {
  const { recorder, tracker, framePace } = deps;
  const slowed = `the sandbox sends more than ${String(framePace.perSecond)} messages a second, and is held to that`;
  const sayIt = (): void => recorder.system(slowed, tracker.running());
  const reader = createFrameReader(deps.sandbox.frames, framePace, sayIt);
  const sequence = createFrameSequence(deps.resumed?.after ?? 0);
  const end = await followAgent(deps, reader, sequence, signal).catch((error: unknown) => {
    if (signal.aborted) return { type: "stopped" } as const;
    throw error;
  });
  if (end.type === "stopped" && !deps.leaves()) await stopAgent(deps, reader, sequence);
  return end;
}

async function followAgent(
  deps: PipelineDeps,
  reader: FrameReader,
  sequence: FrameSequence,
  signal: AbortSignal,
): Promise<PipelineEnd> {
  const { analyst, sandbox, tracker, resumed } = deps;
  if (signal.aborted) return { type: "stopped" };
  if (analyst.givenPlan !== null && tracker.current() === null) takePlan(deps, analyst.givenPlan);
  if (resumed?.running !== true) {
    if (!(await sendAll(deps, deps.firstFrames(analyst.givenPlan), signal))) return unsent(deps, signal);
  }
  for (;;) {
    const frame = await reader.next(signal);
    if (frame === "aborted") return { type: "stopped" };
    if (frame === null) return gone(deps);
    const breach = sequence.take(frame);
    if (breach !== null) return { type: "sandbox_gone", reason: breach };
    const end = await handleFrame(deps, frame, sequence, signal);
    if (end !== null) return sandbox.breach() === null ? end : gone(deps);
  }
}

async function handleFrame(
  deps: PipelineDeps,
  frame: AgentFrame,
  sequence: FrameSequence,
  signal: AbortSignal,
): Promise<PipelineEnd | null> {
  switch (frame.type) {
    case "event": {
      const breach = deps.inFrame(frame.seq, () => deps.events.handle(frame.event));
      return breach === null ? null : { type: "sandbox_gone", reason: breach };
    }
    case "model_request":
      return answerRequest(deps, frame, sequence, signal);
    case "done": {
      // Not acknowledged: who takes over while the end is being written hears it again.
      const failure = deps.events.failure();
      if (failure !== null) return { type: "failed", failure };
      if (deps.tracker.isComplete()) return { type: "completed" };
      return { type: "sandbox_gone", reason: "the agent said that all is done before the last step had run" };
    }
    case "stopped":
      if (deps.resumed !== null)
        return { type: "sandbox_gone", reason: "its last worker died while it stopped the steps" };
      return { type: "sandbox_gone", reason: 'the agent said "stopped" out of turn' };
    case "hello":
    case "facts":
    case "outputs":
      return { type: "sandbox_gone", reason: `the agent said "${frame.type}" out of turn` };
  }
}

async function answerRequest(
  deps: PipelineDeps,
  { turn, files }: { readonly turn: number; readonly files: WorkspaceFiles },
  sequence: FrameSequence,
  signal: AbortSignal,
): Promise<PipelineEnd | null> {
  const { analyst, tracker, recorder, events, timed } = deps;
  const failed = events.failure();
  if (deps.resumed !== null && failed === null && tracker.isUntouched() && sequence.mayRepeatPlan()) {
    // The last owner had its plan, and did not live to see it arrive.
    return sendPlan(deps, turn, tracker.current()?.steps ?? null, signal);
  }
  if (tracker.current() !== null && failed === null) {
    return { type: "sandbox_gone", reason: "the agent asked for a plan while it had one" };
  }
  const ask = () =>
    failed === null ? analyst.plan(files, signal) : analyst.repair(events.evidence(), files, signal);
  // Who has given the plan is not asked for another: nothing is analysed then.
  if (analyst.givenPlan === null) recorder.enter("analyze");
  const answer = await (analyst.givenPlan === null ? timed("analyze", ask) : ask());
  if (signal.aborted) return { type: "stopped" };
  if (answer !== null && !answer.ok) return { type: "failed", failure: answer.failure };
  if (answer === null) sequence.noPlanLeft();
  else takePlan(deps, answer.value);
  return sendPlan(deps, turn, answer?.value.steps ?? null, signal);
}

async function sendPlan(
  deps: PipelineDeps,
  turn: number,
  planned: readonly Step[] | null,
  signal: AbortSignal,
): Promise<PipelineEnd | null> {
  const steps = planned === null ? null : planned.map(toWireStep);
  const sent = await sendAll(deps, [{ type: "model_result", turn, steps }], signal);
  return sent ? null : unsent(deps, signal);
}

function takePlan({ tracker, recorder, events, together }: PipelineDeps, plan: Plan): void {
  together(() => {
    tracker.replace(plan);
    events.planReplaced(plan.turns);
    const stored = tracker.stored();
    if (stored !== null) recorder.plan(stored, plan.steps);
  });
}

/** False where the connection is gone (`frames` then says the rest), or `signal` came before the agent took it all. */
async function sendAll(
  { sandbox }: PipelineDeps,
  frames: Iterable<WorkerFrame>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    for (const frame of frames) {
      if ((await orAborted(sandbox.send(frame), signal)) === "aborted") return false;
    }
    return true;
  } catch {
    return false;
  }
}

function unsent(deps: PipelineDeps, signal: AbortSignal): PipelineEnd {
  return signal.aborted ? { type: "stopped" } : gone(deps);
}

function gone({ sandbox }: PipelineDeps): PipelineEnd {
  return { type: "sandbox_gone", reason: sandbox.breach() ?? "the container or its engine went away" };
}

/** Has the agent kill the Steps and tell the rest of what they printed; bounded, as the container is killed anyway. */
async function stopAgent(deps: PipelineDeps, reader: FrameReader, sequence: FrameSequence): Promise<void> {
  deps.onStopping();
  const bound = AbortSignal.timeout(stopBoundMs);
  if (!(await sendAll(deps, [{ type: "cancel" }], bound))) return;
  for (;;) {
    const frame = await reader.next(bound);
    if (frame === null || frame === "aborted" || frame.type === "stopped") return;
    if (sequence.take(frame) !== null) return;
    if (frame.type === "event") {
      const { event } = frame;
      if (deps.inFrame(frame.seq, () => deps.events.handle(event)) !== null) return;
    }
  }
}
