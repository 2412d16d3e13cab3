import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTimeScale } from "./time-scale.ts";

describe("a scale of time", () => {
  test("begins at 0 and ends at 100 percent", () => {
    const scale = createTimeScale(1_000, 3_000);
    expect([1_000, 2_000, 3_000].map((at) => scale.place(at))).toEqual([0, 50, 100]);
  });

  test("holds what lies outside at its ends", () => {
    const scale = createTimeScale(1_000, 3_000);
    expect([0, 9_000].map((at) => scale.place(at))).toEqual([0, 100]);
  });

  test.each([
    [0, [0, 1]],
    [4, [0, 1, 2, 3, 4]],
    [878, [0, 200, 400, 600, 800]],
    [7_300, [0, 2_000, 4_000, 6_000]],
    [600_000, [0, 120_000, 240_000, 360_000, 480_000, 600_000]],
  ])("of %i ms has ticks at round durations", (length, expected) => {
    expect(createTimeScale(500, 500 + length).ticks.map(({ ms }) => ms)).toEqual(expected);
  });

  test("never has more ticks than one would read, and none outside", () => {
    fc.assert(
      fc.property(fc.nat(10_000_000_000), (length) => {
        const { ticks } = createTimeScale(0, length);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks.every(({ percent }) => percent >= 0 && percent <= 100)).toBe(true);
      }),
    );
  });
});
