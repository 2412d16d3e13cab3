import { setTimeout as pause } from "node:timers/promises";
import { engineStatus } from "./engine-call.ts";

/** What Node says of a connection that could not be made or broke; of TCP ones also where the host is not found. */
const awayCodes: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ENOENT", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
  ...["EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
]);

const firstPauseMs = 250;
const longestPauseMs = 2_000;

/** True where nobody answered since the connection could not be made or broke: it may be back soon. */
export function isEngineAway(error: unknown): boolean {
  if (!(error instanceof Error) || engineStatus(error) !== null) return false;
  return awayCodes.has(connectionCode(error) ?? "") || error.message === "socket hang up";
}

/** The code that Node gives to faults of the system and of connections, or null: what such an error says is full of paths and addresses. */
export function connectionCode(error: unknown): string | null {
  if (!(error instanceof Error) || engineStatus(error) !== null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
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
