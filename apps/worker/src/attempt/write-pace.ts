import { setTimeout as pause } from "node:timers/promises";
import { createPace, type PaceBounds } from "@longshore/shared/runtime/pace";

/** When a writer writes: soon after it was asked to, and not too often. */
export interface WritePace {
  /** Calls `write` in so many milliseconds at the latest. */
  within(ms: number): void;
  /** What was asked for is done, or is not wanted any more. */
  forget(): void;
  /** Takes a turn: resolves when the next one may follow it, or at once where somebody hurries. */
  turn(): Promise<void>;
  /** No turn waits until `work` has ended. */
  hurried(work: () => Promise<void>): Promise<void>;
}

/** A pace of so many turns a second. */
export function createWritePace(bounds: PaceBounds, write: () => void): WritePace {
  const pace = createPace(bounds);
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let calm = new AbortController();
  let hurrying = 0;
  return {
    within(ms) {
      const wantedAt = performance.now() + ms;
      if (wantedAt >= dueAt) return;
      clearTimeout(timer);
      dueAt = wantedAt;
      timer = setTimeout(write, ms);
    },
    forget() {
      clearTimeout(timer);
      dueAt = Infinity;
    },
    async turn() {
      const waitMs = pace.take();
      if (waitMs === 0 || hurrying > 0) return;
      calm = new AbortController();
      await pause(waitMs, undefined, { signal: calm.signal }).catch(() => undefined);
    },
    async hurried(work) {
      hurrying += 1;
      calm.abort();
      await work().finally(() => {
        hurrying -= 1;
      });
    },
  };
}
