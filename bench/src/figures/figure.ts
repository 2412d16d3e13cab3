import { type Bar, isReached } from "./bar.ts";
import { type Ratio, ratioOf } from "./ratio.ts";
import { type Summary, summarize } from "./summary.ts";

export const units = ["ms", "per second", "MB", "kB"] as const;
export type Unit = (typeof units)[number];

/** One thing that a row measures, beside its peer where it has one. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  /** Null where there is nothing yet that could be measured: then `note` says what is missing. */
  readonly own: Summary | null;
  readonly peer: (Summary & { readonly name: string }) | null;
  readonly ratio: Ratio | null;
  readonly bars: readonly (Bar & { readonly reached: boolean | null })[];
  readonly note: string | null;
}

export interface Measured {
  readonly name: string;
  readonly unit: Unit;
  /** In the order of the turns. */
  readonly own: readonly number[];
  /** In the same turns. */
  readonly peer?: { readonly name: string; readonly values: readonly number[] };
  readonly bars?: readonly Bar[];
  readonly note?: string | null;
}

/** Sums up what was measured and holds it against its bars. */
export function toFigure({ name, unit, own, peer, bars = [], note = null }: Measured): Figure {
  const summary = summarize(own);
  const ratio = peer === undefined ? null : ratioOf(own, peer.values);
  return {
    ...{ name, unit, own: summary, ratio, note },
    peer: peer === undefined ? null : { name: peer.name, ...summarize(peer.values) },
    bars: bars.map((bar) => ({ ...bar, reached: isReached(bar, summary, ratio) })),
  };
}

/** Says that there is nothing to measure, and why: no figure is made up for it. */
export function absentFigure(name: string, unit: Unit, note: string, bars: readonly Bar[] = []): Figure {
  return {
    ...{ name, unit, note, own: null, peer: null, ratio: null },
    bars: bars.map((bar) => ({ ...bar, reached: null })),
  };
}
