import { toText } from "../report/to-text.ts";
import type { Ratio } from "./ratio.ts";
import type { Summary } from "./summary.ts";

/** What a figure is to reach: a bound of one of its percentiles, in its unit, or of its ratio to the peer. */
export interface Bar {
  readonly of: "p50" | "p95" | "p99" | "max" | "ratio";
  readonly is: "at most" | "at least";
  readonly value: number;
}

export function atMost(of: Bar["of"], value: number): Bar {
  return { of, is: "at most", value };
}

export function atLeast(of: Bar["of"], value: number): Bar {
  return { of, is: "at least", value };
}

/** Whether it is reached; null where there is nothing to hold against it. */
export function isReached(bar: Bar, own: Summary | null, ratio: Ratio | null): boolean | null {
  const measured = bar.of === "ratio" ? ratio?.median : own?.[bar.of];
  if (measured === undefined) return null;
  return bar.is === "at most" ? measured <= bar.value : measured >= bar.value;
}

/** As the table says it: `p50 ≤ 220`, `≥ 0.5 ×`. */
export function describeBar({ of, is, value }: Bar): string {
  const sign = is === "at most" ? "≤" : "≥";
  return of === "ratio" ? `${sign} ${toText(value)} ×` : `${of} ${sign} ${toText(value)}`;
}
