import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indentJson } from "./indent-json.ts";

const nested = (levels: number, inner: string) => "[".repeat(levels) + inner + "]".repeat(levels);

describe("JSON", () => {
  test("is indented", () => {
    expect(indentJson('{"ships":[1,2]}')).toBe('{\n  "ships": [\n    1,\n    2\n  ]\n}');
    expect(indentJson(nested(50, "1")).split("\n")).toHaveLength(101);
  });

  test("is indented whatever its strings have", () => {
    const text = JSON.stringify({ a: `${"[{".repeat(100)}"\\`, b: 1 });
    expect(indentJson(text)).toBe(`{\n  "a": ${JSON.stringify(`${"[{".repeat(100)}"\\`)},\n  "b": 1\n}`);
  });

  test("keeps numbers, strings and keys as they are written", () => {
    const text = '{"a": 1.0, "b":1e5,"a":12345678901234567890, "s":"\\u00fc\\/","e":[ ],"o":{ }}';
    expect(indentJson(text)).toBe(
      '{\n  "a": 1.0,\n  "b": 1e5,\n  "a": 12345678901234567890,\n  "s": "\\u00fc\\/",\n  "e": [],\n  "o": {}\n}',
    );
  });

  test("is laid out as programs lay it out", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  test.each([
    ["that is none", '{"a":'],
    ["whose string has no end", '["a'],
    ["of more than 50 levels", nested(51, "1")],
    ["of a million levels", nested(1_000_000, "")],
    ["that would be gigabytes of blanks", nested(40, Array.from({ length: 500_000 }, () => "1").join(","))],
  ])("%s is as it came", (_, text) => {
    // Compared by hand: no text of megabytes in a message.
    expect(indentJson(text) === text).toBe(true);
  });
});
