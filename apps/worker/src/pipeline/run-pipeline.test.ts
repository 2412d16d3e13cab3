import { expect, test } from "vitest";
import { endedWith, first, numbered, pipelineOf, printed, request, started } from "./run-pipeline.testkit.ts";
import { runPipeline } from "./run-pipeline.ts";

const never = new AbortController().signal;

test("a given plan whose step ends well is completed", async () => {
  const { deps, texts, done } = pipelineOf(numbered(started, printed, endedWith(0), "done"));
  expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
  expect(texts).toEqual(["said"]);
  // Not the last one: who takes over while the end is being written hears "done" again.
  expect(done).toEqual([1, 2, 3]);
});

test("a given plan whose step fails has failed with it: the agent is told that no plan is left", async () => {
  const { deps, sent } = pipelineOf(numbered(started, endedWith(3), request, "done"));
  expect(await runPipeline(deps, never)).toMatchObject({
    type: "failed",
    failure: { code: "step_failed", step: 1 },
  });
  expect(sent).toEqual([first, { type: "model_result", turn: 1, steps: null }]);
});

test("an agent that asks for a plan again and again after it was told that there is none is not listened to", async () => {
  const { deps, sent } = pipelineOf(numbered(started, endedWith(3), request, request, request, "done"));
  expect(await runPipeline(deps, never)).toMatchObject({ type: "sandbox_gone" });
  expect(sent.map(({ type }) => type)).toEqual(["file", "model_result"]);
});

test("a container that goes away is no success, whatever ran", async () => {
  const { deps } = pipelineOf(numbered(started, endedWith(0)));
  expect(await runPipeline(deps, never)).toEqual({
    type: "sandbox_gone",
    reason: "the container or its engine went away",
  });
});

test("an agent that sends without end is held to a rate, which the log says once", async () => {
  const flood = numbered(started, ...Array.from({ length: 40 }, () => printed), endedWith(0), "done");
  const { deps, texts } = pipelineOf(flood, { framePace: { perSecond: 100, burst: 10 } });
  expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
  expect(texts.filter((text) => text !== "said")).toEqual([
    "the sandbox sends more than 100 messages a second, and is held to that",
  ]);
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
  const { deps, sent, texts, done, stops } = pipelineOf(last.slice(0, 1), {
    later: async () => {
      stopping.abort("cancelled");
      await expect.poll(() => sent.length, { interval: 2 }).toBe(2);
      return last.slice(1);
    },
  });
  expect(await runPipeline(deps, stopping.signal)).toEqual({ type: "stopped" });
  expect(sent).toEqual([first, { type: "cancel" }]);
  expect(stops()).toBe(1);
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

test("a stop that leaves the sandbox to another worker says nothing more to its agent", async () => {
  const stopping = new AbortController();
  const { deps, sent, stops } = pipelineOf(numbered(started), {
    leaves: () => true,
    later: () => {
      stopping.abort("hand_over");
      return new Promise(() => undefined);
    },
  });
  expect(await runPipeline(deps, stopping.signal)).toEqual({ type: "stopped" });
  expect(sent).toEqual([first]);
  expect(stops()).toBe(0);
});
