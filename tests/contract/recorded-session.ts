import { readFileSync } from "node:fs";
import {
  type AgentFrame,
  agentFrame,
  type WireStep,
  workerFrame,
} from "@longshore/shared/contracts/agent-wire";
import { type Step, steps as stepsSchema } from "@longshore/shared/contracts/step";
import type { Plan } from "../../apps/worker/src/pipeline/plan-tracker.ts";

type Recorded =
  | { readonly from: "agent"; readonly frame: AgentFrame }
  | { readonly from: "worker"; readonly frame: ReturnType<typeof workerFrame.parse> };

const recording = readRecording();

/** What the recorded agent said after its hello, up to its `done`. */
export const recordedFrames: readonly AgentFrame[] = recording
  .flatMap((each) => (each.from === "agent" ? [each.frame] : []))
  .filter(({ type }) => type !== "hello" && type !== "stopped");

const plans = recording.flatMap(({ frame }) =>
  frame.type === "model_result" ? [toPlan(frame.turn, frame.steps)] : [],
);

/** The plan that the recorded worker gave, the first one at 0. */
export function planAt(position: number): Plan {
  const plan = plans[position];
  if (plan === undefined) throw new Error("the agent asked for more plans than were recorded");
  return plan;
}

function toPlan(turn: number, steps: readonly WireStep[] | null): Plan {
  return {
    source: "model",
    turns: turn,
    promptVersion: "recorded",
    steps: stepsSchema.parse((steps ?? []).map(toStep)),
  };
}

function toStep({
  timeout_ms,
  ...step
}: WireStep): Omit<Step, "timeout_seconds"> & { timeout_seconds?: number } {
  return timeout_ms === null ? step : { ...step, timeout_seconds: Math.ceil(timeout_ms / 1_000) };
}

function readRecording(): readonly Recorded[] {
  const lines = readFileSync(new URL("agent-transcript.ndjson", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => {
    // safety: both parts are held against their schemas here.
    const { from, frame } = JSON.parse(line) as { from: unknown; frame: unknown };
    if (from === "agent") return { from, frame: agentFrame.parse(frame) };
    if (from === "worker") return { from, frame: workerFrame.parse(frame) };
    throw new Error(`a line of the recording is from nobody: ${line.slice(0, 80)}`);
  });
}
