import fc from "fast-check";
import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side.ts";

const told = (before: string, after: string) =>
  sideBySide(before, after)?.map(({ left, right, isChanged }) => [
    left?.text ?? null,
    right?.text ?? null,
    isChanged,
  ]);

test("a line that changed stands beside what it became, and what did not change beside itself", () => {
  expect(told("a\nb\nc", "a\nB\nc")).toEqual([
    ["a", "a", false],
    ["b", "B", true],
    ["c", "c", false],
  ]);
});

test("what came and what went has nothing beside it", () => {
  expect(told("a\nb\nc", "b\nc\nd")).toEqual([
    ["a", null, true],
    ["b", "b", false],
    ["c", "c", false],
    [null, "d", true],
  ]);
});

test("each side has all its lines, in order, with their numbers", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
    .map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const rows = sideBySide(before, after) ?? [];
      for (const [side, whole] of [
        ["left", before],
        ["right", after],
      ] as const) {
        const lines = rows.flatMap((row) => row[side] ?? []);
        const expected = whole === "" ? [] : whole.replace(/\n$/, "").split("\n");
        expect(lines.map((line) => line.text)).toEqual(expected);
        expect(lines.map((line) => line.number)).toEqual(expected.map((_, at) => at + 1));
      }
    }),
  );
});
