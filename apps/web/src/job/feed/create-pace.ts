import { onceAFrame } from "./once-a-frame.ts";

/** When what has come is shown. */
export interface Pace {
  /** An event has come. */
  cameOne(): void;
  /** Something else is to be shown. */
  soon(): void;
  /** All that has come is shown. */
  shown(): void;
}

/**
 * More events than these since what came was shown are a log that is being fetched, or a flood: then it is shown but every so
 * many ms, as each time is taken from the reading of the others.
 */
const floodEvents = 100;
const floodPauseMs = 100;

/** A pace at which `show` is called: a line that comes alone is shown with the next frame. */
export function createPace(show: () => void): Pace {
  let [unshown, shownAt] = [0, 0];
  const soon = onceAFrame(() => {
    if (unshown > floodEvents && performance.now() - shownAt < floodPauseMs) soon();
    else show();
  });
  return {
    soon,
    cameOne: () => {
      unshown += 1;
      soon();
    },
    shown: () => {
      [unshown, shownAt] = [0, performance.now()];
    },
  };
}
