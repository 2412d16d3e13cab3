import { max, min, quantileSorted } from "simple-statistics";

/** What a series of measurements says of itself, in the unit of the series. */
export interface Summary {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly min: number;
  readonly max: number;
}

/** Sums up at least one value. With few of them the upper percentiles are the largest value: `n` says so. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number => quantileSorted(sorted, share);
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), min: min(sorted), max: max(sorted) };
}
