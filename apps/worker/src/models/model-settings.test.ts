import { describe, expect, test } from "vitest";
import { parseModelSettings } from "./model-settings.ts";

test("without any variable there is no provider, and a call has 60 s", () => {
  expect(parseModelSettings({ PRIMARY_BASE_URL: "", GEMINI_API_KEY: "  " })).toEqual({
    ok: true,
    value: { primary: null, fallback: null, callTimeoutMs: 60_000, prices: null },
  });
});

describe("the primary provider", () => {
  test.each([
    [
      "Alchemyst by its key alone",
      { ALCHEMYST_API_KEY: "a" },
      {
        profile: "alchemyst",
        model: "alchemyst-ai/alchemyst-c1",
        apiKey: "a",
        baseUrl: "https://platform-backend.getalchemystai.com/api/v1/proxy/default",
      },
    ],
    [
      "OpenAI by its key alone",
      { OPENAI_API_KEY: "o" },
      { profile: "openai", apiKey: "o", baseUrl: "https://api.openai.com/v1" },
    ],
    [
      "Alchemyst where both keys are set",
      { OPENAI_API_KEY: "o", ALCHEMYST_API_KEY: "a" },
      { profile: "alchemyst", apiKey: "a" },
    ],
    [
      "OpenAI with another model",
      { OPENAI_API_KEY: "o", PRIMARY_MODEL: "m" },
      { profile: "openai", model: "m" },
    ],
    [
      "Ollama, without a key",
      { PRIMARY_BASE_URL: "http://localhost:11434/v1/", PRIMARY_MODEL: "qwen" },
      { profile: "ollama", apiKey: null, baseUrl: "http://localhost:11434/v1" },
    ],
    [
      "any server, with its own key",
      { PRIMARY_BASE_URL: "http://vllm:8000/v1", PRIMARY_MODEL: "m", PRIMARY_API_KEY: "k" },
      { profile: "custom", apiKey: "k" },
    ],
    [
      "any server, without OpenAI's key",
      { PRIMARY_BASE_URL: "http://vllm:8000/v1", PRIMARY_MODEL: "m", OPENAI_API_KEY: "o" },
      { profile: "custom", apiKey: null },
    ],
  ])("is %s", (_, env, primary) => {
    expect(parseModelSettings(env)).toMatchObject({ ok: true, value: { primary } });
  });
});

test("the fallback needs only Gemini's key", () => {
  expect(parseModelSettings({ GEMINI_API_KEY: "g" })).toMatchObject({
    ok: true,
    value: {
      fallback: {
        apiKey: "g",
        model: "gemini-2.5-flash",
        baseUrl: "https://generativelanguage.googleapis.com",
      },
    },
  });
});

test("all faults come at once, each names its variable, and none repeats a value", () => {
  const result = parseModelSettings({
    PRIMARY_BASE_URL: "ftp://canary",
    PRIMARY_API_KEY: "canary with spaces",
    GEMINI_API_KEY: "canary\u00e9",
    FALLBACK_BASE_URL: "https://user:canary@host",
    MODEL_TIMEOUT_SECONDS: "0",
  });
  const faults = result.ok ? [] : result.failure;
  expect(new Set(faults.map((fault) => fault.split(" ")[0]))).toEqual(
    new Set([
      "FALLBACK_BASE_URL",
      "GEMINI_API_KEY",
      "MODEL_TIMEOUT_SECONDS",
      "PRIMARY_API_KEY",
      "PRIMARY_BASE_URL",
    ]),
  );
  expect(faults.join()).not.toContain("canary");
});

describe("one fault is told for", () => {
  test.each([
    [{ PRIMARY_BASE_URL: "http://vllm:8000/v1" }, /^PRIMARY_MODEL is needed/],
    [{ PRIMARY_MODEL: "m" }, /^PRIMARY_MODEL is set, but no server/],
    [{ PRIMARY_API_KEY: "k" }, /^PRIMARY_API_KEY is set without PRIMARY_BASE_URL/],
    [{ PRIMARY_API_KEY: "k", OPENAI_API_KEY: "o" }, /^PRIMARY_API_KEY is set without PRIMARY_BASE_URL/],
    [{ FALLBACK_MODEL: "m" }, /^FALLBACK_MODEL is set without GEMINI_API_KEY/],
    [
      { FALLBACK_BASE_URL: "http://h/v1beta", GEMINI_API_KEY: "g" },
      /^FALLBACK_BASE_URL must be without the version path/,
    ],
    [
      { PRIMARY_BASE_URL: "http://h/v1?key=k", PRIMARY_MODEL: "m" },
      /^PRIMARY_BASE_URL must not have a query/,
    ],
    [{ MODEL_TIMEOUT_SECONDS: "601" }, /^MODEL_TIMEOUT_SECONDS/],
    [{ MODEL_TIMEOUT_SECONDS: "1.5" }, /^MODEL_TIMEOUT_SECONDS/],
    [{ MODEL_PRICES: "0.25" }, /^MODEL_PRICES must be JSON like/],
    [
      { MODEL_PRICES: '{"currency":"USD","per_million_tokens":{}}', GEMINI_API_KEY: "g" },
      /^MODEL_PRICES has no price for the fallback model gemini-2.5-flash: add it/,
    ],
  ])("%j", (env, fault) => {
    expect(parseModelSettings(env)).toEqual({ ok: false, failure: [expect.stringMatching(fault)] });
  });
});
