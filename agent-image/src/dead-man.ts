/**
 * How long the agent works on without hearing from a worker. A worker that has nothing to acknowledge says its
 * last `ack` again, well within this time.
 */
export const longestSilenceMs = 10 * 60_000;

/** The same before the Job has come: a warm Sandbox waits, and its worker has nothing to say to it. */
export const longestIdleMs = 24 * 60 * 60_000;

/** Ends what nobody looks after any more. */
export interface DeadMan {
  /** Somebody is there. */
  heard(): void;
}

/** Calls `onSilence` once, when nothing was heard for the idle time or, after the first time, the silence time. */
export function createDeadMan(onSilence: () => void): DeadMan {
  let timer = setTimeout(onSilence, longestIdleMs);
  let first = true;
  return {
    heard() {
      if (!first) return void timer.refresh();
      first = false;
      clearTimeout(timer);
      timer = setTimeout(onSilence, longestSilenceMs);
    },
  };
}
