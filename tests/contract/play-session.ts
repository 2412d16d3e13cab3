import { emptyMask } from "@longshore/shared/domain/secret-mask";
import { type AgentFrame, agentFrame, workerFrame } from "@longshore/shared/contracts/agent-wire";
import type { NewEvent } from "@longshore/shared/contracts/event";
import { noUsage } from "@longshore/shared/contracts/usage";
import { succeed } from "@longshore/shared/domain/result";
import type { StepEvidence } from "../../apps/worker/src/models/analysis-request.ts";
import type { Analyst } from "../../apps/worker/src/pipeline/analyst.ts";
import { framePace } from "../../apps/worker/src/pipeline/frame-reader.ts";
import { createAgentEventHandler } from "../../apps/worker/src/pipeline/handle-agent-event.ts";
import { createHistoryRecorder } from "../../apps/worker/src/pipeline/history-recorder.ts";
import { createLogRecorder } from "../../apps/worker/src/pipeline/log-recorder.ts";
import { createPlanTracker } from "../../apps/worker/src/pipeline/plan-tracker.ts";
import { createResumeMemory, nothingToResume } from "../../apps/worker/src/pipeline/resume-memory.ts";
import { runPipeline } from "../../apps/worker/src/pipeline/run-pipeline.ts";
import { planAt } from "./recorded-session.ts";

/** Runs the pipeline against an agent that says these frames, waiting for an answer to each request for a plan. */
export async function playSession(frames: readonly AgentFrame[]) {
  const events: NewEvent[] = [];
  const done: number[] = [];
  let evidence: readonly StepEvidence[] = [];
  const writer = {
    add: (event: NewEvent) => void events.push(event),
    progress: () => undefined,
  };
  const before = { attempt: 1, usage: noUsage, sandbox: null, node: null };
  const recorder = createHistoryRecorder(writer, before);
  const memory = createResumeMemory(
    nothingToResume,
    () => ({}),
    () => undefined,
  );
  const tracker = createPlanTracker();
  const answered = createGate();
  const analyst: Analyst = {
    givenPlan: null,
    absent: null,
    plan: () => Promise.resolve(succeed(planAt(0))),
    repair: (shown) => {
      evidence = shown;
      return Promise.resolve(succeed(planAt(1)));
    },
  };
  const end = await runPipeline(
    {
      sandbox: {
        frames: inTurn(frames, answered.passed),
        send: (frame) => {
          workerFrame.parse(frame);
          if (frame.type === "model_result") answered.pass();
          return Promise.resolve();
        },
        breach: () => null,
      },
      ...{ analyst, tracker, recorder, framePace },
      events: createAgentEventHandler({
        ...{ tracker, recorder, memory, mask: emptyMask, now: () => new Date(), runningSince: null },
        log: createLogRecorder(recorder, { log_mb: 1 }, memory),
        onStepEnd: () => undefined,
      }),
      timed: (_, work) => work(),
      inFrame(seq, work) {
        const breach = work();
        if (breach === null) done.push(seq);
        return breach;
      },
      together: (work) => work(),
      firstFrames: () => [],
      ...{ resumed: null, leaves: () => false, onStopping: () => undefined },
    },
    AbortSignal.timeout(10_000),
  );
  return { end, events, evidence, done };
}

/** Counts answers, for the agent to wait for the one to its request. */
function createGate() {
  let answers = 0;
  let wake = (): void => undefined;
  return {
    pass: () => {
      answers += 1;
      wake();
    },
    passed: async (requests: number) => {
      while (answers < requests) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

async function* inTurn(frames: readonly AgentFrame[], answered: (requests: number) => Promise<void>) {
  let requests = 0;
  for (const frame of frames) {
    yield agentFrame.parse(frame);
    if (frame.type !== "model_request") continue;
    requests += 1;
    await answered(requests);
  }
}
