import { setTimeout as pause } from "node:timers/promises";
import { EngineAway } from "./engine-call.ts";

const firstPauseMs = 250;
const longestPauseMs = 2_000;

/** True where nobody answered since the connection could not be made or broke: it may be back soon. */
export function isEngineAway(error: unknown): error is EngineAway {
  return error instanceof EngineAway;
}

/** Repeats a call while the engine is away. */
export type RepeatWhileAway = <Value>(call: () => Promise<Value>) => Promise<Value>;

export interface RepeatWhileAwayOptions {
  /** Of all calls together, from now on. */
  readonly forMs: number;
  /** Ends the wait; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly logger: { debug(fields: object, message: string): void };
}

/** Makes what repeats calls while the engine cannot be reached; the last error is thrown once the time is over, any other at once. */
export function createRepeatWhileAway({ forMs, signal, logger }: RepeatWhileAwayOptions): RepeatWhileAway {
  const deadline = performance.now() + forMs;
  return async (call) => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await call();
      } catch (error) {
        signal.throwIfAborted();
        if (!isEngineAway(error) || performance.now() + pauseMs > deadline) throw error;
        // That the engine is away is told once for the process, by its report.
        logger.debug({ err: error, pauseMs }, "The container engine cannot be reached; trying again.");
        await pauseUnlessAborted(pauseMs, signal);
      }
    }
  };
}

async function pauseUnlessAborted(pauseMs: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(pauseMs, undefined, { signal });
  } catch {
    signal.throwIfAborted();
  }
}
