import type { ModelCall } from "@longshore/shared/contracts/usage";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TurnEvidence } from "./analysis-request.ts";
import type { ProviderState } from "./create-provider-circuit.ts";
import type { ModelGateway } from "./create-model-gateway.ts";
import { fallbackAt, firstTurn, gatewayWith, goodPlan, primaryAt } from "./testing/model-fixtures.ts";
import { answer, type Behaviour, startModelServer, wire } from "./testing/model-server.ts";

const never = new AbortController().signal;

const ask = (gateway: ModelGateway, tokensLeft = 10_000, history: readonly TurnEvidence[] = []) =>
  gateway.plan({ analysis: firstTurn({ history }), tokensLeft, onCall: () => undefined }, never);

const down = answer(500, "{}");
const good = answer(200, wire.primary(goodPlan));

describe("a turn", () => {
  test("asks only the primary where its plan is valid", async () => {
    await using primary = await startModelServer(good);
    await using fallback = await startModelServer(down);
    const gateway = await gatewayWith({
      primary: primaryAt(primary.url),
      fallback: fallbackAt(fallback.url),
    });
    const result = await ask(gateway);
    expect(result).toMatchObject({ type: "plan", promptVersion: expect.stringMatching(/^1\./) });
    expect(result.calls).toMatchObject([
      { provider: "primary", outcome: "ok", input_tokens: 100, output_tokens: 20 },
    ]);
    expect(fallback.requests).toHaveLength(0);
  });

  test("tells the fallback what was wrong with the primary's plan", async () => {
    await using primary = await startModelServer(answer(200, wire.primary('{"steps":[{"kind":"dance"}]}')));
    await using fallback = await startModelServer(answer(200, wire.fallback(goodPlan)));
    const gateway = await gatewayWith({
      primary: primaryAt(primary.url),
      fallback: fallbackAt(fallback.url),
    });
    expect(await ask(gateway)).toMatchObject({ type: "plan" });
    expect(fallback.requests[0]?.body).toContain("/steps/0/kind");
  });

  test("is invalid, and not unavailable, where one answered and the other is down", async () => {
    await using primary = await startModelServer(answer(200, wire.primary("no")));
    await using fallback = await startModelServer(down);
    const gateway = await gatewayWith({
      primary: primaryAt(primary.url),
      fallback: fallbackAt(fallback.url),
    });
    expect(await ask(gateway)).toMatchObject({
      type: "invalid",
      reasons: ["primary (p-model): the answer holds no JSON"],
    });
  });

  test("works with the fallback alone", async () => {
    await using fallback = await startModelServer(answer(200, wire.fallback(goodPlan)));
    const gateway = await gatewayWith({ fallback: fallbackAt(fallback.url) });
    expect((await ask(gateway)).calls).toMatchObject([{ provider: "fallback", outcome: "ok" }]);
    expect(gateway.state()).toMatchObject({ primary: null, fallback: { status: "ok" } });
    expect(fallback.requests[0]?.path).toBe("/v1beta/models/f-model:generateContent");
  });

  test("without a provider there is no call", async () => {
    const gateway = await gatewayWith({});
    expect(gateway.configured).toBe(false);
    expect(await ask(gateway)).toEqual({ type: "unavailable", reasons: [], calls: [] });
  });
});

describe("the budget", () => {
  test("is looked at before the first call", async () => {
    await using primary = await startModelServer(good);
    const gateway = await gatewayWith({ primary: primaryAt(primary.url) });
    expect(await ask(gateway, 0)).toEqual({ type: "budget_exceeded", calls: [] });
    expect(primary.requests).toHaveLength(0);
  });

  test("is looked at again before the fallback, and the call that used it up is told", async () => {
    await using primary = await startModelServer(answer(200, wire.primary("no")));
    await using fallback = await startModelServer(down);
    const gateway = await gatewayWith({
      primary: primaryAt(primary.url),
      fallback: fallbackAt(fallback.url),
    });
    expect(await ask(gateway, 120)).toMatchObject({
      type: "budget_exceeded",
      calls: [{ outcome: "invalid_plan" }],
    });
    expect(fallback.requests).toHaveLength(0);
  });

  test("does not stop a plan in hand", async () => {
    await using primary = await startModelServer(good);
    const gateway = await gatewayWith({ primary: primaryAt(primary.url) });
    expect(await ask(gateway, 1)).toMatchObject({ type: "plan" });
  });
});

test("a stop of the caller ends the call at once, asks nobody else and leaves the provider's state alone", async () => {
  const stop = new AbortController();
  await using primary = await startModelServer(() => stop.abort("cancelled"));
  await using fallback = await startModelServer(good);
  const gateway = await gatewayWith({ primary: primaryAt(primary.url), fallback: fallbackAt(fallback.url) });
  const calls: ModelCall[] = [];
  const turn = { analysis: firstTurn(), tokensLeft: 10_000, onCall: (call: ModelCall) => calls.push(call) };
  expect(await gateway.plan(turn, stop.signal)).toEqual({ type: "stopped", calls });
  expect(calls).toMatchObject([{ provider: "primary", outcome: "connection" }]);
  expect(fallback.requests).toHaveLength(0);
  expect(gateway.state().primary?.status).toBe("ok");
  expect(await gateway.plan(turn, stop.signal)).toEqual({ type: "stopped", calls: [] });
});

describe("the form of the answer", () => {
  const refused = answer(400, { error: { message: "response_format json_schema is not supported" } });

  test("is asked for more loosely where the server refuses it, and the refusal is met once", async () => {
    await using primary = await startModelServer(refused, refused, good);
    const gateway = await gatewayWith({ primary: primaryAt(primary.url) });
    expect((await ask(gateway)).calls).toMatchObject([{ outcome: "ok" }]);
    expect((await ask(gateway)).type).toBe("plan");
    // safety: the client sends JSON objects.
    const formats = primary.requests.map(
      ({ body }) => (JSON.parse(body) as { response_format?: { type: string } }).response_format?.type,
    );
    expect(formats).toEqual(["json_schema", "json_object", undefined, undefined]);
  });

  test("likewise with Gemini", async () => {
    const refusal = answer(400, {
      error: { message: "Invalid JSON payload received. Unknown name responseSchema" },
    });
    await using fallback = await startModelServer(refusal, answer(200, wire.fallback(goodPlan)));
    const gateway = await gatewayWith({ fallback: fallbackAt(fallback.url) });
    expect((await ask(gateway)).type).toBe("plan");
    expect(fallback.requests[0]?.body).toContain("responseSchema");
    expect(fallback.requests[1]?.body).not.toContain("responseSchema");
  });
});

describe("the circuit of a provider", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function openCircuit(...behaviours: readonly Behaviour[]) {
    const primary = await startModelServer(down, down, down, down, down, ...behaviours);
    const told: ProviderState[] = [];
    const gateway = await gatewayWith({
      primary: primaryAt(primary.url),
      onStateChange: (state) => told.push(state),
    });
    for (let turn = 0; turn < 5; turn += 1)
      expect((await ask(gateway)).calls).toMatchObject([{ outcome: "server_error" }]);
    return { primary, told, gateway };
  }

  test("opens after five failures in a row, is then not asked, and both are told", async () => {
    const { primary, told, gateway } = await openCircuit(good);
    await using _ = primary;
    expect(await ask(gateway)).toMatchObject({
      type: "unavailable",
      reasons: [
        {
          outcome: "circuit_open",
          reason: expect.stringMatching(/5 failures in a row; the last: it answered 500/),
        },
      ],
      calls: [{ provider: "primary", outcome: "circuit_open", input_tokens: 0 }],
    });
    expect(primary.requests).toHaveLength(5);
    expect(told.map(({ status, circuit }) => [status, circuit])).toEqual([
      ["degraded", "closed"],
      ["circuit_open", "open"],
    ]);
  });

  test("lets one call try after 30 s, and closes where it goes well", async () => {
    const { primary, told, gateway } = await openCircuit(good);
    await using _ = primary;
    vi.setSystemTime(Date.now() + 29_000);
    expect((await ask(gateway)).calls).toMatchObject([{ outcome: "circuit_open" }]);
    vi.setSystemTime(Date.now() + 2_000);
    expect((await ask(gateway)).type).toBe("plan");
    expect(told.at(-1)).toEqual({ status: "ok", model: "p-model", circuit: "closed", reason: null });
  });

  test("stays open where the trial fails", async () => {
    const { primary, gateway } = await openCircuit(down, good);
    await using _ = primary;
    vi.setSystemTime(Date.now() + 31_000);
    expect((await ask(gateway)).calls).toMatchObject([{ outcome: "server_error" }]);
    expect((await ask(gateway)).calls).toMatchObject([{ outcome: "circuit_open" }]);
  });

  test("does not keep a second call waiting for the trial", async () => {
    const held: (() => void)[] = [];
    const { primary, gateway } = await openCircuit((request, response) =>
      held.push(() => good(request, response)),
    );
    await using _ = primary;
    vi.setSystemTime(Date.now() + 31_000);
    const trial = ask(gateway);
    await expect.poll(() => held.length).toBe(1);
    expect((await ask(gateway)).calls).toMatchObject([{ outcome: "circuit_open" }]);
    held[0]?.();
    expect((await trial).type).toBe("plan");
  });

  test("is not opened by refusals, refused requests or invalid plans", async () => {
    await using primary = await startModelServer(answer(400, "{}"), answer(200, wire.primary("no")));
    const gateway = await gatewayWith({ primary: primaryAt(primary.url) });
    for (let turn = 0; turn < 7; turn += 1) await ask(gateway);
    expect(primary.requests).toHaveLength(7);
  });
});
