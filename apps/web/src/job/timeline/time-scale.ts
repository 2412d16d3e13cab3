/** A span of time on a line of 100 %. Times in ms. */
export interface TimeScale {
  readonly from: number;
  readonly to: number;
  /** Where a time lies, in percent. */
  place(at: number): number;
  readonly ticks: readonly { readonly percent: number; readonly ms: number }[];
}

const niceSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000],
  ...[3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000],
];

/** A scale from the first to the last time, with at most `mostTicks` marks at round durations since the first. */
export function createTimeScale(from: number, to: number, mostTicks = 6): TimeScale {
  const length = Math.max(1, to - from);
  const fitting = niceSteps.find((step) => length / step <= mostTicks);
  const step = fitting ?? Math.ceil(length / mostTicks / 86_400_000) * 86_400_000;
  const ticks = Array.from({ length: Math.floor(length / step) + 1 }, (_, count) => ({
    ms: count * step,
    percent: ((count * step) / length) * 100,
  }));
  return {
    ...{ from, to: from + length, ticks },
    place: (at) => Math.min(100, Math.max(0, ((at - from) / length) * 100)),
  };
}
