import type { CallOutcome, ModelCall } from "@longshore/shared/contracts/usage";
import { describe, expect, test } from "vitest";
import { fallbackAt, firstTurn, gatewayWith, goodPlan, primaryAt } from "./testing/model-fixtures.ts";
import { answer, startModelServer, wire } from "./testing/model-server.ts";
import { canaryKeys, servedFaults, unreachable } from "./testing/wire-faults.ts";

/** A short deadline for what waits until it; all else must end well before a long one, however busy the machine is. */
const deadlineMs = (outcome: CallOutcome) => (outcome === "timeout" ? 800 : 10_000);

const never = new AbortController().signal;

/** One turn against two addresses; what it took, and the whole of what it told, as text. */
async function takeTurn(primaryUrl: string, fallbackUrl: string, callTimeoutMs = deadlineMs("ok")) {
  const calls: ModelCall[] = [];
  const told: unknown[] = [];
  const gateway = await gatewayWith({
    primary: primaryAt(primaryUrl),
    fallback: fallbackAt(fallbackUrl),
    callTimeoutMs,
    onStateChange: (state) => told.push(state),
  });
  const startedAt = performance.now();
  const result = await gateway.plan(
    { analysis: firstTurn(), tokensLeft: 10_000, onCall: (call) => calls.push(call) },
    never,
  );
  const tookMs = performance.now() - startedAt;
  return {
    result,
    calls,
    state: gateway.state(),
    tookMs,
    text: JSON.stringify([result, calls, gateway.state(), told]),
  };
}

/** Two deadlines and room for a busy machine; what need not wait must not come near its deadline. */
const turnBoundMs = (outcome: CallOutcome) =>
  outcome === "timeout" ? 2 * deadlineMs(outcome) + 2_000 : 8_000;

function expectNoKey(text: string): void {
  for (const key of Object.values(canaryKeys))
    for (const part of [key, key.slice(0, 12), key.slice(-8)]) expect(text).not.toContain(part);
}

describe.each(servedFaults)("$name (fault 22)", ({ outcome, says, behave }) => {
  test("on the primary: the fallback's plan is used and the record says why", async () => {
    await using primary = await startModelServer(behave("primary"));
    await using fallback = await startModelServer(answer(200, wire.fallback(goodPlan)));
    const turn = await takeTurn(primary.url, fallback.url, deadlineMs(outcome));
    expect(turn.result).toMatchObject({ type: "plan", steps: [{ kind: "shell", command: "echo good" }] });
    expect(turn.calls).toMatchObject([
      { provider: "primary", model: "p-model", outcome },
      { provider: "fallback", model: "f-model", outcome: "ok", input_tokens: 100, output_tokens: 20 },
    ]);
    expect(turn.result.calls).toEqual(turn.calls);
    expect(turn.tookMs).toBeLessThan(turnBoundMs(outcome));
    expectNoKey(turn.text);
  });

  test("on the fallback, with the primary down", async () => {
    await using primary = await startModelServer(answer(500, "{}"));
    await using fallback = await startModelServer(behave("fallback"));
    const turn = await takeTurn(primary.url, fallback.url, deadlineMs(outcome));
    expect(turn.calls).toMatchObject([{ outcome: "server_error" }, { provider: "fallback", outcome }]);
    expect(turn.tookMs).toBeLessThan(turnBoundMs(outcome));
    expectNoKey(turn.text);
  });

  test("on both: the turn ends within two deadlines and names both reasons", async () => {
    await using primary = await startModelServer(behave("primary"));
    await using fallback = await startModelServer(behave("fallback"));
    const turn = await takeTurn(primary.url, fallback.url, deadlineMs(outcome));
    expect(turn.calls).toMatchObject([{ outcome }, { outcome }]);
    expect(turn.tookMs).toBeLessThan(turnBoundMs(outcome));
    if (outcome === "invalid_plan" || outcome === "refusal") {
      expect(turn.result).toMatchObject({
        type: "invalid",
        reasons: [expect.stringMatching(says), expect.stringMatching(says)],
      });
    } else {
      const reason = { outcome, reason: expect.stringMatching(says) };
      expect(turn.result).toMatchObject({ type: "unavailable", reasons: [reason, reason] });
    }
    expectNoKey(turn.text);
  });
});

describe.each(unreachable)("$name (fault 22)", ({ baseUrl, says }) => {
  test("on the primary: the fallback's plan is used", async () => {
    await using server = await startModelServer(answer(200, wire.fallback(goodPlan)));
    const turn = await takeTurn(baseUrl(server.url), server.url);
    expect(turn.result.type).toBe("plan");
    expect(turn.calls).toMatchObject([{ outcome: "connection" }, { outcome: "ok" }]);
    expect(turn.state.primary).toMatchObject({ status: "degraded", reason: expect.stringMatching(says) });
  });

  test("on both: the turn says so of each", async () => {
    await using server = await startModelServer(answer(500, "{}"));
    const turn = await takeTurn(baseUrl(server.url), baseUrl(server.url));
    const reason = { outcome: "connection", reason: expect.stringMatching(says) };
    expect(turn.result).toMatchObject({ type: "unavailable", reasons: [reason, reason] });
    expect(turn.tookMs).toBeLessThan(turnBoundMs("connection"));
    expectNoKey(turn.text);
  });
});

test("a refused key shows in the provider's state", async () => {
  await using primary = await startModelServer(answer(401, "{}"));
  await using fallback = await startModelServer(
    answer(400, { error: { message: "API key not valid.", status: "INVALID_ARGUMENT" } }),
  );
  const { state } = await takeTurn(primary.url, fallback.url);
  expect(state).toMatchObject({ primary: { status: "refused_key" }, fallback: { status: "refused_key" } });
});

test("Gemini's wait is read from the body of its 429", async () => {
  const body = {
    error: {
      code: 429,
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "12s" }],
    },
  };
  await using server = await startModelServer(answer(429, body));
  const given = await fallbackAt(server.url).ask({ system: "s", user: "u", schema: {} }, never);
  expect(given).toMatchObject({ outcome: "rate_limited", retryAfterMs: 12_000 });
});
