import { afterEach, describe, expect, test, vi } from "vitest";
import { createPrimaryProvider } from "./create-primary-provider.ts";
import { profiles } from "./profiles.ts";
import { fallbackAt, primaryAt } from "./testing/model-fixtures.ts";
import { answer, startModelServer, wire } from "./testing/model-server.ts";
import { canaryKeys } from "./testing/wire-faults.ts";

const prompt = { system: "You plan.", user: "Say good.", schema: { type: "object" } };
const never = new AbortController().signal;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("what goes out", () => {
  test("to the primary carries its key as a bearer, and nothing of the environment", async () => {
    vi.stubEnv("OPENAI_ORG_ID", "org-of-the-environment");
    vi.stubEnv("OPENAI_API_KEY", "key-of-the-environment");
    vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:2");
    await using server = await startModelServer(answer(200, wire.primary("{}")));
    await primaryAt(server.url).ask(prompt, never);
    const [request] = server.requests;
    expect(request?.path).toBe("/v1/chat/completions");
    expect(request?.headers.authorization).toBe(`Bearer ${canaryKeys.primary}`);
    expect(JSON.stringify(request)).not.toContain("of-the-environment");
  });

  test("to a server without keys has no Authorization", async () => {
    vi.stubEnv("OPENAI_API_KEY", "key-of-the-environment");
    await using server = await startModelServer(answer(200, wire.primary("{}")));
    const { formats } = profiles.ollama;
    const provider = createPrimaryProvider({
      profile: "ollama",
      baseUrl: server.url,
      model: "m",
      apiKey: null,
      formats,
    });
    expect(await provider.ask(prompt, never)).toMatchObject({ outcome: "ok" });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test("to the fallback carries its key in a header, and not in the address", async () => {
    await using server = await startModelServer(answer(200, wire.fallback("{}")));
    await fallbackAt(server.url).ask(prompt, never);
    expect(server.requests[0]?.headers["x-goog-api-key"]).toBe(canaryKeys.fallback);
    expect(server.requests[0]?.path).not.toContain(canaryKeys.fallback);
  });
});

test("a provider that fails is asked once: the library's own retries are off", async () => {
  await using server = await startModelServer(
    answer(503, "{}", { "retry-after": "0" }),
    answer(200, wire.primary("{}")),
  );
  expect(await primaryAt(server.url).ask(prompt, never)).toMatchObject({ outcome: "server_error" });
  expect(server.requests).toHaveLength(1);
});

test("calls at the same time do not mix, and the global fetch stays what it was", async () => {
  const own = globalThis.fetch;
  await using server = await startModelServer((request, response) => {
    const text = /number (\d+)/.exec(request.body)?.[1] ?? "";
    answer(200, request.path.includes("f-model") ? wire.fallback(text) : wire.primary(text))(
      request,
      response,
    );
  });
  const [primary, fallback] = [primaryAt(server.url), fallbackAt(server.url)];
  const asked = Array.from({ length: 20 }, (_, number) =>
    (number % 2 === 0 ? primary : fallback).ask({ ...prompt, user: `number ${String(number)}` }, never),
  );
  expect(globalThis.fetch).toBe(own);
  const texts = (await Promise.all(asked)).map((given) =>
    given.outcome === "ok" ? given.text : given.outcome,
  );
  expect(texts).toEqual(Array.from({ length: 20 }, (_, number) => String(number)));
});
