import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answer,
  type Behaviour,
  type ModelServer,
  startModelServer,
  wire,
} from "../../apps/worker/src/models/testing/model-server.ts";
import { canaryKeys, servedFaults } from "../../apps/worker/src/models/testing/wire-faults.ts";
import { type Stack, startStack } from "../support/stack.ts";

const timeoutSeconds = 2;

const prices = {
  currency: "EUR",
  per_million_tokens: { "p-model": { input: 0.25, output: 2 }, "f-model": { input: 0.3, output: 2.5 } },
};

/** Settings of a worker whose two providers are served at these addresses. */
function modelSettings(primaryUrl: string, fallbackUrl: string): Readonly<Record<string, string>> {
  return {
    PRIMARY_BASE_URL: `${primaryUrl}/v1`,
    PRIMARY_MODEL: "p-model",
    PRIMARY_API_KEY: canaryKeys.primary,
    GEMINI_API_KEY: canaryKeys.fallback,
    FALLBACK_BASE_URL: fallbackUrl,
    FALLBACK_MODEL: "f-model",
    MODEL_TIMEOUT_SECONDS: String(timeoutSeconds),
    MODEL_PRICES: JSON.stringify(prices),
    LOG_LEVEL: "debug",
  };
}

const planOf = (...commands: string[]) =>
  JSON.stringify({ steps: commands.map((command) => ({ kind: "shell", command })) });

describe("jobs that a model plans, on a mock of the models' services", () => {
  let mock: LLMock;
  let stack: Stack;
  beforeAll(async () => {
    mock = new LLMock({ port: 0, strict: true });
    const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
    // The first that fits answers: the turn that is told of the failure, then any other of the same task.
    mock.onMessage(/exit code 3/, { content: planOf("cat half.txt; echo mended > whole.txt"), usage });
    mock.onMessage(/count the widgets/, {
      content: planOf("echo half > half.txt", "echo the widget jammed >&2; exit 3", "echo never"),
      usage,
    });
    mock.onMessage(/say good/, { content: `Here it is:\n\`\`\`json\n${planOf("echo good")}\n\`\`\``, usage });
    await mock.start();
    stack = await startStack({ backend: "postgres", env: modelSettings(mock.url, mock.url) });
  });
  afterAll(async () => {
    await stack.stop();
    await mock.stop();
  });

  test("the plan of a model runs, and the status tells what it cost", async () => {
    const id = await stack.client.schedule({ prompt: "Please say good." });
    const job = await stack.client.ended(id);
    expect(job).toMatchObject({
      status: "succeeded",
      plan: { source: "model", turns: 1 },
      usage: { input_tokens: 100, output_tokens: 20, cost: { amount: 0.000_065, currency: "EUR" } },
    });
    expect(job.usage.calls).toMatchObject([
      { provider: "primary", model: "p-model", outcome: "ok", cost: { amount: 0.000_065, currency: "EUR" } },
    ]);
    expect(await stack.client.printed(id)).toBe("good\n");
    const { zip } = await stack.client.download(id);
    expect(zip.json("plan.json")).toMatchObject({
      source: "model",
      prompt_version: expect.stringMatching(/./) as string,
    });
  });

  test("the turn after a failed step gets its exit code and its stderr, and the job ends well", async () => {
    const id = await stack.client.schedule({ prompt: "Please count the widgets.", max_turns: 2 });
    const job = await stack.client.ended(id);
    expect(job).toMatchObject({ status: "succeeded", failure: null, plan: { source: "model", turns: 2 } });
    expect(job.plan?.steps).toHaveLength(1);
    expect(job.usage.calls.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["primary", "ok"],
      ["primary", "ok"],
    ]);
    const asked = JSON.stringify(mock.getRequests().at(-1)?.body);
    expect(asked).toContain("exit code 3");
    expect(asked).toContain("the widget jammed");
    expect(asked).toContain("half.txt");
    expect(await stack.client.printed(id)).toBe("the widget jammed\nhalf\n");
    expect((await stack.client.download(id)).zip.text("outputs/whole.txt")).toBe("mended\n");
  });
});

describe("jobs whose model services fail on the wire", () => {
  let primary: ModelServer;
  let fallback: ModelServer;
  let stack: Stack;
  const behave: { primary: Behaviour; fallback: Behaviour } = {
    primary: answer(500, ""),
    fallback: answer(500, ""),
  };
  beforeAll(async () => {
    primary = await startModelServer((request, response) => behave.primary(request, response));
    fallback = await startModelServer((request, response) => behave.fallback(request, response));
    stack = await startStack({ backend: "postgres", env: modelSettings(primary.url, fallback.url) });
  });
  afterAll(async () => {
    await stack.stop();
    await primary[Symbol.asyncDispose]();
    await fallback[Symbol.asyncDispose]();
  });

  const ids: string[] = [];
  const finished = async (body: object) => {
    const id = await stack.client.schedule({ prompt: "Say good.", ...body });
    ids.push(id);
    return stack.client.ended(id);
  };
  const good = {
    primary: answer(200, wire.primary(planOf("echo good"))),
    fallback: answer(200, wire.fallback(planOf("echo good"))),
  };
  const fault = (name: string, role: "primary" | "fallback"): Behaviour => {
    const found = servedFaults.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no such fault: ${name}`);
    return found.behave(role);
  };

  // An answer of the wrong schema says that the service is there: it stands in the middle, as five failures in a row
  // would open the circuit.
  test.each([
    ["429 with Retry-After", "rate_limited"],
    ["500", "server_error"],
    ["a hang", "timeout"],
    ["a slow drip", "timeout"],
    ["a plan of the wrong schema", "invalid_plan"],
    ["a cut in mid-body", "connection"],
    ["HTML with 200", "malformed"],
    ["an empty 200", "empty"],
  ] as const)("where the primary gives %s the job succeeds by the fallback", async (name, outcome) => {
    behave.primary = fault(name, "primary");
    behave.fallback = good.fallback;
    const job = await finished({});
    expect(job).toMatchObject({ status: "succeeded", attempt: 1, plan: { source: "model", turns: 1 } });
    expect(job.usage.calls.map((call) => [call.provider, call.model, call.outcome])).toEqual([
      ["primary", "p-model", outcome],
      ["fallback", "f-model", "ok"],
    ]);
    expect(job.usage).toMatchObject({ input_tokens: name.includes("schema") ? 200 : 100 });
  });

  test("what stays without a valid plan in all its turns has failed as analysis_failed", async () => {
    behave.primary = fault("a plan of the wrong schema", "primary");
    behave.fallback = fault("prose instead of a plan", "fallback");
    const job = await finished({ max_turns: 2 });
    expect(job).toMatchObject({ status: "failed", attempt: 1, failure: { code: "analysis_failed" } });
    expect(job.usage.calls.map(({ outcome }) => outcome)).toEqual(Array(4).fill("invalid_plan"));
    // The faults of the first answer are told to whoever is asked next.
    expect(fallback.requests.at(-1)?.body).toContain("/steps/0");
  });

  test("a job that has used up its tokens has failed as budget_exceeded", async () => {
    behave.primary = answer(200, wire.primary(planOf("exit 1")));
    const job = await finished({ limits: { max_tokens: 100 } });
    expect(job).toMatchObject({ status: "failed", failure: { code: "budget_exceeded" } });
    expect(job.usage).toMatchObject({ input_tokens: 100, output_tokens: 20 });
    expect(job.usage.calls).toHaveLength(1);
  });

  test("with both services down the job has failed within the calls' deadlines, and the message names both reasons", async () => {
    behave.primary = fault("a hang", "primary");
    behave.fallback = fault("503", "fallback");
    const startedAt = performance.now();
    const job = await finished({ max_attempts: 1 });
    expect(performance.now() - startedAt).toBeLessThan(timeoutSeconds * 1_000 + 8_000);
    expect(job).toMatchObject({ status: "failed", failure: { code: "model_unavailable", retryable: true } });
    expect(job.failure?.message).toMatch(/primary \(p-model\).*in the time.*fallback \(f-model\).*503/);
    expect(job.usage.calls.map(({ outcome }) => outcome)).toEqual(["timeout", "server_error"]);
  });

  test("with an attempt left it is tried again, and succeeds once a service is back", async () => {
    const until = primary.requests.length;
    behave.primary = (request, response) =>
      (primary.requests.length > until + 1 ? good.primary : answer(500, "Oh."))(request, response);
    behave.fallback = fault("503", "fallback");
    const job = await finished({ max_attempts: 2 });
    expect(job).toMatchObject({ status: "succeeded", attempt: 2 });
    expect(job.usage.calls.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["primary", "server_error"],
      ["fallback", "server_error"],
      ["primary", "ok"],
    ]);
  });

  test("no key is seen anywhere, whatever the services quoted of it", async () => {
    behave.primary = fault("400 context length", "primary");
    behave.fallback = fault("401", "fallback");
    await finished({ max_attempts: 1 });
    const seen: string[] = [JSON.stringify(stack.worker().log), JSON.stringify(stack.api().log)];
    for (const path of ["/jobs", "/ready", "/metrics"])
      seen.push(await (await stack.client.request(path)).text());
    for (const id of ids) {
      for (const path of ["/status", "/events", "/logs"])
        seen.push(await (await stack.client.request(`${path}/${id}`)).text());
      const { zip } = await stack.client.download(id);
      seen.push(...zip.names.map((name) => zip.text(name)));
    }
    expect(ids.length).toBeGreaterThan(10);
    expect(seen.join("\n")).toContain("maximum context length");
    for (const key of Object.values(canaryKeys)) {
      expect(primary.requests.concat(fallback.requests).some((r) => JSON.stringify(r).includes(key))).toBe(
        true,
      );
      for (const part of [key, key.slice(0, 12)])
        expect(seen.filter((text) => text.includes(part)).map((text) => text.slice(0, 500))).toEqual([]);
    }
  });
});
