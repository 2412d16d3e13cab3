import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { readExpiry, readName, readScopes, readTenant } from "./options.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each([
  ["12h", "2026-01-01T12:00:00.000Z"],
  ["90d", "2026-04-01T00:00:00.000Z"],
  ["4w", "2026-01-29T00:00:00.000Z"],
  ["2027-01-31", "2027-01-31T00:00:00.000Z"],
  ["2027-01-31T12:00:00+02:00", "2027-01-31T10:00:00.000Z"],
])("a key can expire after %s", (text, expected) => {
  expect(readExpiry(text, undefined, now).toISOString()).toBe(expected);
});

test.each(["", "0d", "-1d", "2025-12-31", "2027-02-31T", "tomorrow", "1y", "2027-13-01"])(
  "a key cannot expire at %j",
  (text) => {
    expect(() => readExpiry(text, undefined, now)).toThrow(InvalidArgumentError);
  },
);

test("scopes are taken in any order, each once, and nothing else beside them", () => {
  expect(readScopes("jobs:write, jobs:read,jobs:read")).toEqual(["jobs:read", "jobs:write"]);
  for (const wrong of ["", ",", "jobs", "jobs:read,all"])
    expect(() => readScopes(wrong)).toThrow(InvalidArgumentError);
});

test("names are on one line, and those of tenants plain", () => {
  expect(readName("  the ci of acme ")).toBe("the ci of acme");
  expect(readTenant("acme-2.eu_1")).toBe("acme-2.eu_1");
  for (const wrong of ["", " ", "a\nb", "\u001B[2J", "x".repeat(101)])
    expect(() => readName(wrong)).toThrow(InvalidArgumentError);
  for (const wrong of ["", "Acme", "a b", "-a", "a/b"])
    expect(() => readTenant(wrong)).toThrow(InvalidArgumentError);
});
