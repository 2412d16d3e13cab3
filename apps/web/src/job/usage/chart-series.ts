/** As GET /jobs/{id}/usage tells it. */
export interface UsageSample {
  readonly attempt: number;
  readonly time: string;
  readonly memory_bytes: number;
  readonly cpu_ms: number;
}

export interface ChartPoint {
  /** In ms since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Memory as it was looked at, in bytes. */
export function memorySeries(samples: readonly UsageSample[]): readonly ChartPoint[] {
  return samples.map(({ time, memory_bytes: value }) => ({ at: Date.parse(time), value }));
}

/** Processors that were at work on average since the look before; an attempt begins anew, as its sandbox does. */
export function processorSeries(samples: readonly UsageSample[]): readonly ChartPoint[] {
  return samples.flatMap((sample, place): readonly ChartPoint[] => {
    const before = samples[place - 1];
    if (before === undefined || before.attempt !== sample.attempt) return [];
    const at = Date.parse(sample.time);
    const passed = at - Date.parse(before.time);
    return passed <= 0 ? [] : [{ at, value: Math.max(0, sample.cpu_ms - before.cpu_ms) / passed }];
  });
}

/** A line through the points, as SVG's `points`, in a field of 100 by 100; `most` is at its top. */
export function toPolyline(points: readonly ChartPoint[], most: number): string {
  const [first, last] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0];
  const length = Math.max(1, last - first);
  const height = Math.max(most, Number.MIN_VALUE);
  return points
    .map(({ at, value }) => {
      const x = ((at - first) / length) * 100;
      const y = 100 - Math.min(1, value / height) * 100;
      return `${x.toFixed(2)},${y.toFixed(2)}`;
    })
    .join(" ");
}
