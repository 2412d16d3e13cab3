import { setTimeout as pause } from "node:timers/promises";
import { createPace, type PaceBounds } from "@longshore/shared/runtime/pace";

/** A stream: whoever has closed it is not waited with. */
interface TurnTaker {
  readonly destroyed: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** Begins one thing after the other, first come, first served, at a bounded rate. What is given up before costs no turn. */
export interface PacedTurns {
  /** Calls `work` at once while the rate is kept, later where it is not, and never where `taker` has closed before. */
  take(taker: TurnTaker, work: () => void): void;
}

/**
 * Holds what open takers wait for, each one thing at a time: how many these are is bounded elsewhere. `onSlowed` is called
 * whenever somebody has to wait.
 */
export function createPacedTurns(bounds: PaceBounds, onSlowed: () => void): PacedTurns {
  const pace = createPace(bounds);
  const waiting = new Map<TurnTaker, () => void>();
  let isServing = false;
  /** It was waited for, and is whoever's who comes next: the one that it was for may have gone. */
  let hasTurn = false;

  /** Null where nobody waits. Who was destroyed in this very moment has not told of it yet. */
  function shift(): (() => void) | null {
    for (const [taker, work] of waiting) {
      waiting.delete(taker);
      if (!taker.destroyed) return work;
    }
    return null;
  }

  async function serveAll(): Promise<void> {
    isServing = true;
    while (waiting.size > 0) {
      const waitMs = hasTurn ? 0 : pace.take();
      hasTurn = true;
      if (waitMs > 0) {
        onSlowed();
        await pause(waitMs);
      }
      const work = shift();
      if (work === null) continue;
      hasTurn = false;
      work();
    }
    isServing = false;
  }

  return {
    take(taker, work) {
      if (taker.destroyed) return;
      waiting.set(taker, work);
      if (!isServing) void serveAll();
      if (waiting.has(taker)) taker.once("close", () => waiting.delete(taker));
    },
  };
}
