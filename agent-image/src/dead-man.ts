/**
 * How long a warm Sandbox waits for its Job, in milliseconds: its worker has nothing to say to it until then, and has put
 * another in its place after ten minutes. What is left of a worker that died, with no other to remove it, ends itself.
 */
export const longestIdleMs = 30 * 60_000;

const longestTimerMs = 2_147_483_647;

/** Ends what nobody looks after any more. */
export interface DeadMan {
  /**
   * The owner is there. One that has nothing to acknowledge says its last `ack` again, well within the time. A word that
   * comes after the time is too late, also where it is heard before the timer is: a Sandbox that was frozen reads first
   * what was said to it before, and by then its Job is tried again elsewhere.
   */
  heard(): void;
  /** The Job has come: from now on it is over after `silenceMs` without a word. */
  setBound(silenceMs: number): void;
}

/** Calls `onSilence` when nothing was heard for the idle time or, with a Job, for the bound that it came with. */
export function createDeadMan(onSilence: () => void): DeadMan {
  let boundMs = longestIdleMs;
  let heardAt = performance.now();
  let timer = setTimeout(onSilence, boundMs);
  return {
    heard() {
      const now = performance.now();
      if (now - heardAt > boundMs) return onSilence();
      heardAt = now;
      timer.refresh();
    },
    setBound(silenceMs) {
      clearTimeout(timer);
      boundMs = Math.min(silenceMs, longestTimerMs);
      heardAt = performance.now();
      timer = setTimeout(onSilence, boundMs);
    },
  };
}
