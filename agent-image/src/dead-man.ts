/** How long a warm Sandbox waits for its Job, in milliseconds: its worker has nothing to say to it until then. */
export const longestIdleMs = 24 * 60 * 60_000;

const longestTimerMs = 2_147_483_647;

/** Ends what nobody looks after any more. */
export interface DeadMan {
  /** The owner is there. One that has nothing to acknowledge says its last `ack` again, well within the time. */
  heard(): void;
  /** The Job has come: from now on it is over after `silenceMs` without a word. */
  setBound(silenceMs: number): void;
}

/** Calls `onSilence` when nothing was heard for the idle time or, with a Job, for the bound that it came with. */
export function createDeadMan(onSilence: () => void): DeadMan {
  let timer = setTimeout(onSilence, longestIdleMs);
  return {
    heard: () => void timer.refresh(),
    setBound(silenceMs) {
      clearTimeout(timer);
      timer = setTimeout(onSilence, Math.min(silenceMs, longestTimerMs));
    },
  };
}
