/** How often something may happen, or how much of it: `burst` at once, and from then on so much a second. */
export interface PaceBounds {
  readonly perSecond: number;
  readonly burst: number;
}

/** Holds what happens again and again to its bounds, by telling who does it how long to wait. */
export interface Pace {
  /** Takes the next turn, or so many, and gives how long they are to be waited for, in milliseconds: mostly 0. */
  take(turns?: number): number;
}

/** Shorter waits are put together: a timer is not that exact. */
const shortestWaitMs = 20;

/** A bucket of `burst` tokens that fills by `perSecond`, kept as the time at which it is full again (GCRA, ITU-T I.371). */
export function createPace({ perSecond, burst }: PaceBounds, now = () => performance.now()): Pace {
  const everyMs = 1_000 / perSecond;
  let fullAt = 0;
  return {
    take(turns = 1) {
      const at = now();
      fullAt = Math.max(fullAt, at) + turns * everyMs;
      const waitMs = fullAt - at - burst * everyMs;
      return waitMs < shortestWaitMs ? 0 : waitMs;
    },
  };
}
