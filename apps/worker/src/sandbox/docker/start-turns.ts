import { bulkhead, type BulkheadPolicy } from "cockatiel";
import { unlessAborted } from "./unless-aborted.ts";

/** Gives work its turn. Who waits for one is let go as soon as `signal` aborts, with its reason. */
export type TakeTurn = <Value>(work: () => Promise<Value>, signal: AbortSignal) => Promise<Value>;

export interface StartTurns {
  readonly take: TakeTurn;
  /**
   * For what no Job waits for: begins only while nobody waits for a turn and another turn stays free, where the engine
   * has more than one processor, so that a Job which comes next begins at once.
   */
  readonly takeSpare: TakeTurn;
}

/**
 * Lets as many starts be under way at once as the engine has processors, the others in the order in which they came.
 * More at once end hardly sooner together, and each much later: on two processors four at once gave 6 % more starts a
 * second, of 1.6 s each and not 0.9 s. And a start that is under way is what a Job that is cancelled has to wait for,
 * as an engine does not give it up; one that waits for its turn is dropped.
 */
export function createStartTurns(processors: (signal: AbortSignal) => Promise<number>): StartTurns {
  let known: { readonly turns: BulkheadPolicy; readonly stayFree: number } | null = null;
  let waiting = 0;
  let turnEnds = Promise.withResolvers<void>();

  async function knownTurns(signal: AbortSignal) {
    const atOnce = await processors(signal);
    // After the wait and in one go: starts that come together, as the first ones do, share their turns.
    return (known ??= { turns: bulkhead(atOnce, Infinity), stayFree: Math.min(1, atOnce - 1) });
  }

  async function inTurn<Value>(
    turns: BulkheadPolicy,
    work: () => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    let begun = false;
    const dropped = Promise.withResolvers<never>();
    const onAbort = (): void => {
      if (!begun) dropped.reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    waiting += 1;
    const turn = turns.execute(async () => {
      begun = true;
      waiting -= 1;
      signal.throwIfAborted();
      return work();
    });
    turn.then(sayTurnEnded, sayTurnEnded);
    try {
      return await Promise.race([turn, dropped.promise]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  function sayTurnEnded(): void {
    turnEnds.resolve();
    turnEnds = Promise.withResolvers();
  }

  return {
    take: async (work, signal) => inTurn((await knownTurns(signal)).turns, work, signal),
    async takeSpare(work, signal) {
      const { turns, stayFree } = await knownTurns(signal);
      while (waiting > 0 || turns.executionSlots <= stayFree) await unlessAborted(turnEnds.promise, signal);
      return inTurn(turns, work, signal);
    },
  };
}
