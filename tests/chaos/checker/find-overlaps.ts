import type { RunInterval } from "./watch-engine.ts";

/** Two containers of a Job, and for how many milliseconds Steps could run in both. */
export interface Overlap {
  readonly first: string;
  readonly second: string;
  readonly ms: number;
}

/** Every time in which two containers among a Job's intervals could run Steps at once. What lasts still, lasts until `now`. */
export function findOverlaps(intervals: readonly RunInterval[], now: number): readonly Overlap[] {
  const ordered = intervals.toSorted((a, b) => a.from - b.from);
  return ordered.flatMap((later, index) =>
    ordered.slice(0, index).flatMap((earlier) => {
      const ms = Math.min(earlier.to ?? now, later.to ?? now) - later.from;
      if (earlier.container === later.container || ms <= 0) return [];
      return [{ first: earlier.container, second: later.container, ms }];
    }),
  );
}
