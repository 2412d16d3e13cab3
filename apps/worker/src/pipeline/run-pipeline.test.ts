import type { AgentEvent, AgentFrame, WorkerFrame } from "@longshore/shared/contracts/agent-wire";
import { noUsage } from "@longshore/shared/contracts/usage";
import { expect, test } from "vitest";
import { createFixedAnalyst } from "./analyst.ts";
import { createAgentEventHandler } from "./handle-agent-event.ts";
import { createHistoryRecorder } from "./history-recorder.ts";
import { createLogRecorder } from "./log-recorder.ts";
import { createPlanTracker } from "./plan-tracker.ts";
import { type PipelineDeps, runPipeline } from "./run-pipeline.ts";

const never = new AbortController().signal;
const bareEnd = {
  timed_out: false,
  sigkilled: false,
  oom_kills: 0,
  disk_full: false,
  note: null,
  duration_ms: 1,
};

const started: AgentEvent = { type: "step_started", index: 1 };
const printed: AgentEvent = { type: "lines", index: 1, stream: "stdout", lines: ["said"], continued: [] };
const endedWith = (exit_code: number): AgentEvent => ({
  type: "step_finished",
  index: 1,
  exit_code,
  ...bareEnd,
});
const request: AgentFrame = { type: "model_request", turn: 1, files: [] };

/** Numbers events as an agent does; other frames stay. */
function numbered(...said: readonly (AgentEvent | AgentFrame | "done")[]): AgentFrame[] {
  let seq = 0;
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

/** A pipeline of one given step, against an agent that says these frames and then what `later` gives. */
function pipelineOf(
  frames: readonly AgentFrame[],
  {
    later,
    ...changes
  }: Partial<PipelineDeps["sandbox"]> & { readonly later?: () => Promise<readonly AgentFrame[]> } = {},
) {
  const sent: WorkerFrame[] = [];
  const texts: string[] = [];
  const done: number[] = [];
  const recorder = createHistoryRecorder(
    {
      add: (event) => void (event.type === "log" && texts.push(event.text)),
      ...{ progress: () => undefined, frameDone: () => undefined, flush: () => Promise.resolve() },
    },
    1,
    noUsage,
  );
  const tracker = createPlanTracker();
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
    analyst: createFixedAnalyst("explicit", [{ kind: "shell", command: "x", continue_on_error: false }]),
    ...{ tracker, recorder },
    events: createAgentEventHandler({
      ...{ tracker, recorder, now: () => new Date(), onStepEnd: () => undefined },
      log: createLogRecorder(recorder, { log_mb: 1 }),
    }),
    timed: (_, work) => work(),
    frameDone: (seq) => void done.push(seq),
    firstFrames: () => [],
  };
  return { deps, sent, texts, done };
}

test("a given plan whose step ends well is completed", async () => {
  const { deps, texts, done } = pipelineOf(numbered(started, printed, endedWith(0), "done"));
  expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
  expect(texts).toEqual(["said"]);
  expect(done).toEqual([1, 2, 3, 4]);
});

test("a given plan whose step fails has failed with it: the agent is told that no plan is left", async () => {
  const { deps, sent } = pipelineOf(numbered(started, endedWith(3), request, "done"));
  expect(await runPipeline(deps, never)).toMatchObject({
    type: "failed",
    failure: { code: "step_failed", step: 1 },
  });
  expect(sent).toEqual([{ type: "model_result", turn: 1, steps: null }]);
});

test("an agent that asks for a plan again and again after it was told that there is none is not listened to", async () => {
  const { deps, sent } = pipelineOf(numbered(started, endedWith(3), request, request, request, "done"));
  expect(await runPipeline(deps, never)).toMatchObject({ type: "sandbox_gone" });
  expect(sent).toHaveLength(1);
});

test("a container that goes away is no success, whatever ran", async () => {
  const { deps } = pipelineOf(numbered(started, endedWith(0)));
  expect(await runPipeline(deps, never)).toEqual({
    type: "sandbox_gone",
    reason: "the container or its engine went away",
  });
});

test("a breach that the connection found counts for more than a done", async () => {
  const { deps } = pipelineOf(numbered(started, endedWith(0), "done"), { breach: () => "a line too long" });
  expect(await runPipeline(deps, never)).toEqual({ type: "sandbox_gone", reason: "a line too long" });
});

test("an agent that takes nothing is gone", async () => {
  const send = () => Promise.reject(new Error("the connection is gone"));
  const { deps } = pipelineOf(numbered(started, endedWith(3), request), { send });
  expect(await runPipeline(deps, never)).toMatchObject({ type: "sandbox_gone" });
});

test("a stop has the agent kill the steps, and what they still printed is kept", async () => {
  const stopping = new AbortController();
  const last = numbered(started, printed, printed, { type: "stopped" });
  const { deps, sent, texts, done } = pipelineOf(last.slice(0, 1), {
    later: async () => {
      stopping.abort("cancelled");
      await expect.poll(() => sent.length, { interval: 2 }).toBe(1);
      return last.slice(1);
    },
  });
  expect(await runPipeline(deps, stopping.signal)).toEqual({ type: "stopped" });
  expect(sent).toEqual([{ type: "cancel" }]);
  expect(texts).toEqual(["said", "said"]);
  expect(done).toEqual([1, 2, 3]);
});

test("a stop waits for no agent that does not answer", async () => {
  const stopping = new AbortController();
  const { deps } = pipelineOf(numbered(started), {
    later: () => {
      stopping.abort("cancelled");
      return new Promise(() => undefined);
    },
  });
  const startedAt = performance.now();
  expect(await runPipeline(deps, stopping.signal)).toEqual({ type: "stopped" });
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});
