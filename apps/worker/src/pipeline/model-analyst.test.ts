import { noUsage, type Usage } from "@longshore/shared/contracts/usage";
import { expect, test } from "vitest";
import { newRequest } from "../../../../tests/support/stored-job.ts";
import type { AnalysisRequest, StepEvidence } from "../models/analysis-request.ts";
import type { TurnRequest, TurnResult } from "../models/create-model-gateway.ts";
import { createModelAnalyst } from "./model-analyst.ts";
import type { ResumeMemory } from "./resume-memory.ts";
import { memoryOf } from "./resume-memory.testkit.ts";

const never = new AbortController().signal;
const plan: TurnResult = {
  ...{ type: "plan", promptVersion: "v1", calls: [] },
  steps: [{ kind: "shell", command: "true", continue_on_error: false }],
};
const invalid: TurnResult = { type: "invalid", reasons: ["primary (p): /steps is missing"], calls: [] };
const evidence: readonly StepEvidence[] = [
  { index: 1, kind: "shell", name: null, source: "false", exit_code: 1, status: "failed", outputTail: "oh" },
];

/** What the pipeline notes when it takes a plan. */
const planTaken = (turn: number) => ({ turn, repairing: false });

/** An analyst whose model gives these answers, one a turn. */
function analystWith(
  answers: readonly TurnResult[],
  body: object = {},
  used: Usage = noUsage,
  memory: ResumeMemory = memoryOf(),
) {
  const asked: { readonly analysis: AnalysisRequest; readonly tokensLeft: number }[] = [];
  const lines: string[] = [];
  const analyst = createModelAnalyst({
    gateway: {
      plan: ({ analysis, tokensLeft }: TurnRequest) => {
        asked.push({ analysis: { ...analysis, history: [...analysis.history] }, tokensLeft });
        const answer = answers[asked.length - 1];
        if (answer === undefined) throw new Error("asked once too often");
        return Promise.resolve(answer);
      },
    },
    request: newRequest({ prompt: "do it", ...body }),
    prompt: "do it",
    recorder: { call: () => undefined, system: (text) => void lines.push(text), usage: () => used },
    memory,
  });
  return { analyst, asked, lines, memory };
}

test("the first turn's plan says so", async () => {
  const { analyst, asked } = analystWith([plan]);
  expect(await analyst.plan([{ path: "a", bytes: 1 }], never)).toMatchObject({
    ok: true,
    value: { source: "model", turns: 1, promptVersion: "v1", steps: [{ command: "true" }] },
  });
  expect(asked).toMatchObject([
    { tokensLeft: 200_000, analysis: { turn: 1, maxTurns: 3, files: [{ path: "a" }], history: [] } },
  ]);
});

test("answers that are no plan are turns too, and the next one is told why", async () => {
  const { analyst, asked, lines } = analystWith([invalid, plan]);
  expect(await analyst.plan([], never)).toMatchObject({ ok: true, value: { turns: 2 } });
  expect(asked[1]?.analysis).toMatchObject({
    turn: 2,
    history: [{ type: "invalid_answer", reasons: ["primary (p): /steps is missing"] }],
  });
  expect(lines).toEqual([expect.stringContaining("turn 1 of 3")]);
});

test("after max_turns answers that are no plan the analysis has failed, with the last reason", async () => {
  const { analyst, asked } = analystWith([invalid, invalid], { max_turns: 2 });
  expect(await analyst.plan([], never)).toMatchObject({
    ok: false,
    failure: { code: "analysis_failed", message: expect.stringContaining("/steps is missing") as string },
  });
  expect(asked).toHaveLength(2);
});

test("a repair is the next turn, with what failed; where none is left nobody is asked", async () => {
  const { analyst, asked, memory } = analystWith([plan, plan], { max_turns: 2 });
  await analyst.plan([], never);
  memory.change(planTaken(1));
  expect(await analyst.repair(evidence, [], never)).toMatchObject({ ok: true, value: { turns: 2 } });
  memory.change(planTaken(2));
  expect(asked[1]?.analysis).toMatchObject({ turn: 2, history: [{ type: "step_failed", steps: evidence }] });
  expect(await analyst.repair(evidence, [], never)).toBeNull();
  expect(asked).toHaveLength(2);
});

test("a repair whose answers are no plan leaves the failure of the step", async () => {
  const { analyst, memory } = analystWith([plan, invalid], { max_turns: 2 });
  await analyst.plan([], never);
  memory.change(planTaken(1));
  expect(await analyst.repair(evidence, [], never)).toBeNull();
});

test("the tokens of earlier attempts count", async () => {
  const used = { ...noUsage, input_tokens: 60, output_tokens: 10 };
  const { analyst, asked } = analystWith(
    [{ type: "budget_exceeded", calls: [] }],
    { limits: { max_tokens: 70 } },
    used,
  );
  expect(await analyst.plan([], never)).toMatchObject({ ok: false, failure: { code: "budget_exceeded" } });
  expect(asked[0]?.tokensLeft).toBe(0);
});

test("where no provider answers the message names each one's reason, and no turn more is taken", async () => {
  const reasons = [
    { provider: "primary", model: "p", outcome: "timeout", reason: "it did not answer" },
    { provider: "fallback", model: "f", outcome: "server_error", reason: "it answered 503" },
  ] as const;
  const { analyst, asked } = analystWith([{ type: "unavailable", reasons, calls: [] }]);
  expect(await analyst.plan([], never)).toMatchObject({
    ok: false,
    failure: {
      code: "model_unavailable",
      message: "no model provider answered: primary (p): it did not answer; fallback (f): it answered 503",
    },
  });
  expect(asked).toHaveLength(1);
});

test("after a stop nobody is asked", async () => {
  const { analyst, asked } = analystWith([]);
  expect(await analyst.repair(evidence, [], AbortSignal.abort())).toBeNull();
  expect(asked).toEqual([]);
});

test("a turn whose answer the worker did not live to take is asked again as the same turn", async () => {
  const first = analystWith([invalid, plan]);
  await first.analyst.plan([], never);
  const next = analystWith([plan], {}, noUsage, memoryOf(first.memory.state()));
  expect(await next.analyst.plan([], never)).toMatchObject({ ok: true, value: { turns: 2 } });
  expect(next.asked[0]?.analysis).toEqual(first.asked[1]?.analysis);
});

test("a repair that the worker did not live to see is asked for again with what failed once", async () => {
  const taken = memoryOf({ turn: 1 });
  const first = analystWith([invalid, plan], { max_turns: 3 }, noUsage, taken);
  await first.analyst.repair(evidence, [], never);
  const next = analystWith([plan], { max_turns: 3 }, noUsage, memoryOf(taken.state()));
  expect(await next.analyst.repair(evidence, [], never)).toMatchObject({ ok: true, value: { turns: 3 } });
  expect(next.asked[0]?.analysis).toMatchObject({
    turn: 3,
    history: [{ type: "step_failed", steps: evidence }, { type: "invalid_answer" }],
  });
  expect(next.asked[0]?.analysis.history).toHaveLength(2);
});

test("a second repair tells of both failures", async () => {
  const { analyst, asked, memory } = analystWith([plan, plan], {}, noUsage, memoryOf({ turn: 1 }));
  await analyst.repair(evidence, [], never);
  memory.change(planTaken(2));
  await analyst.repair(evidence, [], never);
  expect(asked[1]?.analysis.history).toEqual([
    { type: "step_failed", steps: evidence },
    { type: "step_failed", steps: evidence },
  ]);
});
