/** How often something may happen: `burst` times at once, and from then on so often a second. */
export interface PaceBounds {
  readonly perSecond: number;
  readonly burst: number;
}

/** Holds what happens again and again to its bounds, by telling who does it how long to wait. */
export interface Pace {
  /** Takes the next turn, and gives how long it is to be waited for, in milliseconds: mostly 0. */
  take(): number;
}

/** Shorter waits are put together: a timer is not that exact. */
const shortestWaitMs = 20;

/** A bucket of `burst` tokens that fills by `perSecond`, kept as the time at which it is full again (GCRA, ITU-T I.371). */
export function createPace({ perSecond, burst }: PaceBounds, now = () => performance.now()): Pace {
  const everyMs = 1_000 / perSecond;
  let fullAt = 0;
  return {
    take() {
      const at = now();
      fullAt = Math.max(fullAt, at) + everyMs;
      const waitMs = fullAt - at - burst * everyMs;
      return waitMs < shortestWaitMs ? 0 : waitMs;
    },
  };
}
