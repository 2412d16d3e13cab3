import { describe, expect, test } from "vitest";
import { redact, secretsOf } from "./redact.ts";

const key = "canary-0123456789-abcdef";

describe("of a provider's words nothing is shown of", () => {
  test.each([
    ["the key", `bad key ${key}.`],
    ["the key's beginning", `bad key ${key.slice(0, 10)}`],
    ["the key's end, starred", `bad key can****cdef`],
    ["the key in a parameter", `key=${key}&x=1`],
    ["another key by its form", "bad key sk-proj-0a1b2c"],
    ["an address", "see https://host/v1/canary-0123456789"],
  ])("%s", (_, text) => {
    const shown = redact(text, [key]);
    expect(shown).toContain("[hidden]");
    expect(shown).not.toMatch(/canary|cdef|0a1b2c/);
  });
});

test("the rest is shown on one line, at most 300 characters long", () => {
  expect(redact("model\n\tnot  found\u0007", [key])).toBe("model not found");
  expect(redact("word ".repeat(1_000), [key]).length).toBe(300);
});

test("a key inside an address counts as a secret", () => {
  expect(secretsOf(null, `https://host/proxy/${key}/v1`)).toEqual([key]);
});
