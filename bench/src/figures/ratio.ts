import { median, quantile, sampleWithReplacement } from "simple-statistics";
import { createRandom } from "../../../tests/chaos/seeded-random.ts";

/** How many times the peer's median a median is, with the interval in which 95 of 100 resamplings of the turns lie. */
export interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const resamplings = 2_000;
const seed = "turns";

/**
 * The ratio of the medians of two series, and its spread by a paired bootstrap: turns are drawn again with both their
 * values, as what slows the machine in one turn slows both. Where the series are not of the same length, what is over is
 * left out. The same values give the same spread.
 */
export function ratioOf(own: readonly number[], peer: readonly number[]): Ratio {
  const turns = own.slice(0, peer.length).map((value, turn) => ({ own: value, peer: peer[turn] ?? 0 }));
  const ofTurns = (drawn: readonly (typeof turns)[number][]): number =>
    median(drawn.map((each) => each.own)) / median(drawn.map((each) => each.peer));
  const random = createRandom(seed);
  const drawn = Array.from({ length: resamplings }, () =>
    ofTurns(sampleWithReplacement(turns, turns.length, random.next)),
  );
  return { median: ofTurns(turns), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}
