import { LLMock } from "@copilotkit/aimock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fallbackAt, firstTurn, gatewayWith, goodPlan, primaryAt } from "./testing/model-fixtures.ts";

let mock: LLMock;
beforeEach(async () => {
  mock = new LLMock({ port: 0, strict: true });
  await mock.start();
});
afterEach(async () => {
  await mock.stop();
});

const never = new AbortController().signal;
const prompt = { system: "You plan.", user: "Say good.", schema: { type: "object" } };
const providers = [
  { role: "primary", at: primaryAt },
  { role: "fallback", at: fallbackAt },
] as const;

describe.each(providers)("the $role provider, against a mock of its service,", ({ at }) => {
  test("gives the text and the tokens", async () => {
    mock.onMessage(/Say good/, { content: goodPlan, usage: usage(11, 7) });
    expect(await at(mock.url).ask(prompt, never)).toEqual({
      outcome: "ok",
      text: goodPlan,
      inputTokens: 11,
      outputTokens: 7,
    });
  });

  test.each([
    [429, "rate_limited"],
    [500, "server_error"],
    [503, "server_error"],
    [401, "refused_key"],
  ] as const)("reads %d as %s", async (status, outcome) => {
    mock.onMessage(/Say good/, { error: { message: "No." }, status });
    expect(await at(mock.url).ask(prompt, never)).toMatchObject({ outcome });
  });

  test.each([
    ["a malformed answer", { malformedRate: 1 }, ["malformed"]],
    ["a dropped request", { dropRate: 1 }, ["server_error"]],
    ["a disconnect", { disconnectRate: 1 }, ["connection"]],
    ["a rate limit", { rateLimitRate: 1 }, ["rate_limited"]],
  ] as const)("survives %s", async (_, chaos, outcomes) => {
    mock.onMessage(/Say good/, { content: goodPlan }, { chaos });
    const { outcome } = await at(mock.url).ask(prompt, never);
    expect(outcomes).toContain(outcome);
  });

  test("gives up at the deadline of a slow service", async () => {
    mock.onMessage(/Say good/, { content: goodPlan }, { chaos: { latencyMs: 5_000 } });
    const startedAt = performance.now();
    expect(await at(mock.url).ask(prompt, AbortSignal.timeout(150))).toMatchObject({ outcome: "timeout" });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

test("a rate limit of the primary sends the turn to the fallback of the same mock, by the fallback's own protocol", async () => {
  mock.onMessage(/Say good/, { error: { message: "Slow down." }, status: 429 }, {});
  const gateway = await gatewayWith({ primary: primaryAt(mock.url), fallback: fallbackAt(mock.url) });
  await gateway.plan({ analysis: firstTurn(), tokensLeft: 1_000, onCall: () => undefined }, never);
  expect(mock.getRequests().map(({ path }) => path)).toEqual([
    "/v1/chat/completions",
    "/v1beta/models/f-model:generateContent",
  ]);
});

/** In the words of both protocols. */
function usage(input: number, output: number) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
