import { expect, test } from "vitest";
import { memorySeries, processorSeries, toPolyline, type UsageSample } from "./chart-series.ts";

const sample = (seconds: number, memory: number, cpu: number, attempt = 1): UsageSample => ({
  ...{ attempt, memory_bytes: memory, cpu_ms: cpu },
  time: new Date(seconds * 1_000).toISOString(),
});

test("memory is shown as it was looked at", () => {
  expect(memorySeries([sample(2, 10, 0), sample(4, 30, 0)])).toEqual([
    { at: 2_000, value: 10 },
    { at: 4_000, value: 30 },
  ]);
});

test("processors are those at work since the look before, in the same attempt", () => {
  const samples = [sample(2, 0, 100), sample(4, 0, 2_100), sample(6, 0, 2_600), sample(9, 0, 50, 2)];
  expect(processorSeries([...samples, sample(10, 0, 1_050, 2)])).toEqual([
    { at: 4_000, value: 1 },
    { at: 6_000, value: 0.25 },
    { at: 10_000, value: 1 },
  ]);
});

test("two looks at one time, and a count that goes back, draw nothing that was not", () => {
  expect(processorSeries([sample(2, 0, 100), sample(2, 0, 200), sample(4, 0, 100)])).toEqual([
    { at: 4_000, value: 0 },
  ]);
});

test.each([
  [[], ""],
  [[{ at: 5, value: 1 }], "0.00,50.00"],
  [
    [
      { at: 0, value: 0 },
      { at: 10, value: 2 },
      { at: 20, value: 9 },
    ],
    "0.00,100.00 50.00,0.00 100.00,0.00",
  ],
])("a line goes through its points, within its field: %j", (points, expected) => {
  expect(toPolyline(points, 2)).toBe(expected);
});
