import { describe, expect, test } from "vitest";
import { atLeast, atMost } from "./bar.ts";
import { absentFigure, toFigure } from "./figure.ts";

describe("a figure", () => {
  test("says how many values it stands on, and their percentiles", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    const { own } = toFigure({ name: "x", unit: "ms", own: values });
    expect(own).toMatchObject({ n: 100, min: 1, max: 100 });
    expect(own?.p50).toBeCloseTo(50.5, 0);
    expect(own?.p95).toBeCloseTo(95.5, 0);
  });

  test("has the ratio of the medians with its spread, the same for the same values", () => {
    const peer = { name: "plain", values: [100, 110, 90, 105, 95, 100] };
    const one = toFigure({ name: "x", unit: "ms", own: [200, 220, 180, 210, 190, 200], peer });
    const other = toFigure({ name: "x", unit: "ms", own: [200, 220, 180, 210, 190, 200], peer });
    expect(one.ratio).toEqual({ median: 2, low: 2, high: 2 });
    expect(other).toEqual(one);
  });

  test("has a wide spread where the turns differ", () => {
    const peer = { name: "plain", values: [100, 100, 100, 100, 100, 100] };
    const { ratio } = toFigure({ name: "x", unit: "ms", own: [50, 400, 60, 380, 55, 390], peer });
    expect(ratio?.low).toBeLessThan(1);
    expect(ratio?.high).toBeGreaterThan(3);
  });

  test("is held against each of its bars", () => {
    const bars = [atMost("p50", 2), atMost("max", 2), atLeast("p50", 2), atMost("ratio", 1)];
    const { bars: judged } = toFigure({ name: "x", unit: "ms", own: [1, 2, 3], bars });
    expect(judged.map(({ reached }) => reached)).toEqual([true, false, true, null]);
  });

  test("is not made up where there is nothing to measure yet", () => {
    expect(absentFigure("warm", "ms", "no warm pool yet", [atMost("p50", 50)])).toMatchObject({
      own: null,
      ratio: null,
      bars: [{ reached: null }],
      note: "no warm pool yet",
    });
  });
});
