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

  test.each([
    ["that is none", '{"a":'],
    ["whose string has no end", '["a'],
    ["with a number that a browser cannot hold", "[12345678901234567]"],
    ["of more than 50 levels", nested(51, "1")],
    ["of a million levels", nested(1_000_000, "")],
    ["that would be gigabytes of blanks", nested(40, Array.from({ length: 500_000 }, () => "1").join(","))],
    ["whose numbers are written longer", `[${Array.from({ length: 250_000 }, () => "1e20").join(",")}]`],
  ])("%s is as it came", (_, text) => {
    // Compared by hand: no text of megabytes in a message.
    expect(indentJson(text) === text).toBe(true);
  });
});
