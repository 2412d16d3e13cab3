import { succeed } from "@longshore/shared/domain/result";
import { describe, expect, test } from "vitest";
import type { Analyst } from "./analyst.ts";
import type { Plan, PlanTracker } from "./plan-tracker.ts";
import {
  endedWith,
  first,
  numberedFrom,
  oneStep,
  pipelineOf,
  printed,
  request,
  started,
} from "./run-pipeline.testkit.ts";
import { runPipeline } from "./run-pipeline.ts";
import { toWireStep } from "./send-job.ts";

const never = new AbortController().signal;
const steps = oneStep.map(toWireStep);
const planAfter = (turns: number): Plan => ({ source: "model", turns, promptVersion: "v1", steps: oneStep });
const failure = { code: "step_failed" as const, message: "step 1 failed", step: 1 };

const untouched = (tracker: PlanTracker): void => tracker.replace(planAfter(1));
const running = (tracker: PlanTracker): void => {
  untouched(tracker);
  tracker.start(1, new Date());
};
const failed = (tracker: PlanTracker): void => {
  running(tracker);
  tracker.finish(1, { exitCode: 3, durationMs: 1 });
};

/** An analyst with a model that has a plan for each repair; `asked` are its questions. */
function modelWith() {
  const asked: string[] = [];
  const say = (what: string, turns: number) => {
    asked.push(what);
    return Promise.resolve(succeed(planAfter(turns)));
  };
  const analyst: Analyst = {
    ...{ givenPlan: null, absent: null },
    plan: () => say("plan", 1),
    repair: (evidence) => say(`repair ${evidence.map(({ exit_code }) => String(exit_code)).join()}`, 2),
  };
  return { analyst, asked };
}

describe("a pipeline that another worker began", () => {
  test("sends a running agent nothing, and goes on after the last frame on disk", async () => {
    const { deps, sent, texts, plans, done } = pipelineOf(numberedFrom(7, printed, endedWith(0), "done"), {
      ...{ resumed: { after: 7, running: true }, before: running },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
    expect([sent, plans, texts, done]).toEqual([[], [], ["said"], [8, 9]]);
  });

  test.each([0, 6, 8])("takes a frame that follows %d for a breach, where 7 is on disk", async (after) => {
    const { deps, texts } = pipelineOf(numberedFrom(after, printed), {
      ...{ resumed: { after: 7, running: true }, before: running },
    });
    expect(await runPipeline(deps, never)).toMatchObject({ type: "sandbox_gone" });
    expect(texts).toEqual([]);
  });

  test("is completed by the done that the last owner heard too", async () => {
    const { deps } = pipelineOf(numberedFrom(7, "done"), {
      resumed: { after: 7, running: true },
      before: (tracker) => {
        running(tracker);
        tracker.finish(1, { exitCode: 0, durationMs: 1 });
      },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
  });

  test("has failed by the done after a step whose end the last owner heard", async () => {
    const { deps } = pipelineOf(numberedFrom(7, "done"), {
      ...{ resumed: { after: 7, running: true }, before: failed, memory: { failure } },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "failed", failure });
  });

  test("sends the job again to an agent that has not got all of it, and the given plan is no second one", async () => {
    const { deps, sent, plans } = pipelineOf(numberedFrom(0, started, endedWith(0), "done"), {
      ...{ resumed: { after: 0, running: false }, before: untouched },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
    expect([sent, plans]).toEqual([[first], []]);
  });

  test("has the given plan where the last owner died before it was stored", async () => {
    const { deps, plans } = pipelineOf(numberedFrom(0, started, endedWith(0), "done"), {
      resumed: { after: 0, running: false },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
    expect(plans).toEqual([0]);
  });

  test("sends a plan again of which nothing has run where the agent still asks for it, and asks no model", async () => {
    const { analyst, asked } = modelWith();
    const { deps, sent, plans } = pipelineOf([request, ...numberedFrom(7, started, endedWith(0), "done")], {
      ...{ analyst, resumed: { after: 7, running: true }, before: untouched },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
    expect(sent).toEqual([{ type: "model_result", turn: 1, steps }]);
    expect([asked, plans]).toEqual([[], []]);
  });

  test("asks the model anew for the first plan where the last owner had none", async () => {
    const { analyst, asked } = modelWith();
    const { deps, sent, plans } = pipelineOf([request, ...numberedFrom(0, started, endedWith(0), "done")], {
      ...{ analyst, resumed: { after: 0, running: true } },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
    expect(sent).toEqual([{ type: "model_result", turn: 1, steps }]);
    expect([asked, plans]).toEqual([["plan"], [1]]);
  });

  test("asks the model for the repair of what failed under the last owner, and forgets the failure", async () => {
    const { analyst, asked } = modelWith();
    const { deps, memory, plans } = pipelineOf([request, ...numberedFrom(7, started, endedWith(0), "done")], {
      analyst,
      resumed: { after: 7, running: true },
      before: failed,
      memory: { failure, turn: 1 },
    });
    expect(await runPipeline(deps, never)).toEqual({ type: "completed" });
    expect([asked, plans]).toEqual([["repair 3"], [2]]);
    expect(memory.state()).toMatchObject({ failure: null, turn: 2, repairing: false });
  });

  test("takes a request for a plan in the midst of one for a breach", async () => {
    const { analyst, asked } = modelWith();
    const { deps } = pipelineOf([request], {
      ...{ analyst, resumed: { after: 7, running: true }, before: running },
    });
    expect(await runPipeline(deps, never)).toMatchObject({
      ...{ type: "sandbox_gone", reason: "the agent asked for a plan while it had one" },
    });
    expect(asked).toEqual([]);
  });
});
