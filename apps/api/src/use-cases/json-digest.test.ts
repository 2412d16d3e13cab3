import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDigest } from "./json-digest.ts";

const reorder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reorder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, reorder(each)]),
  );
};

test("the order of keys does not matter, nor how the JSON was written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const rewritten: unknown = JSON.parse(JSON.stringify(reorder(value), null, 2));
      expect(jsonDigest(rewritten)).toBe(jsonDigest(JSON.parse(JSON.stringify(value))));
    }),
  );
});

test("another value has another digest", () => {
  const values = [
    null,
    false,
    0,
    "",
    "0",
    [],
    {},
    [[]],
    [{}],
    { a: null },
    { a: [] },
    ["a"],
    "\ud800",
    "\ufffd",
  ];
  expect(new Set(values.map(jsonDigest)).size).toBe(values.length);
});

test("the order of a list matters", () => {
  expect(jsonDigest([1, 2])).not.toBe(jsonDigest([2, 1]));
});
