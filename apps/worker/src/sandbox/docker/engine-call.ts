import { setTimeout as pause } from "node:timers/promises";

const longestPauseMs = 2_000;

export interface EngineCallOptions<Value> {
  /** Bound of the wait. */
  readonly timeoutMs: number;
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Releases a value that came after the wait was over. */
  readonly late?: (value: Value) => void;
}

/** The engine has not answered a call within its bound: whether it was done is not known. */
export class EngineSilent extends Error {
  override readonly name = "EngineSilent";
}

/**
 * One call to the container engine, with an end: an engine that hangs gives an error that names the call.
 * The call gets a signal, but is not believed to heed it.
 */
export async function engineCall<Value>(
  what: string,
  { timeoutMs, signal, late }: EngineCallOptions<Value>,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const onAbort = (): void => ending.abort(signal?.reason);
  const timer = setTimeout(() => {
    ending.abort(
      new EngineSilent(`The container engine did not answer ${what} within ${String(timeoutMs)} ms.`),
    );
  }, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await new Promise<Value>((resolve, reject) => {
      // safety: either the error of the timer or the caller's reason, which is thrown as it is.
      const giveUp = (): void => reject(ending.signal.reason as Error);
      ending.signal.addEventListener("abort", giveUp, { once: true });
      call(ending.signal).then(
        (value) => (ending.signal.aborted ? late?.(value) : resolve(value)),
        (error: unknown) => (ending.signal.aborted ? giveUp() : reject(error)),
      );
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** The HTTP status that the engine answered with, or null where it did not answer. */
export function engineStatus(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return null;
  return typeof error.statusCode === "number" ? error.statusCode : null;
}

/** What the engine said, without the status line that docker-modem puts before it. */
export function engineMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]*- /u, "").trim();
}

/** Repeats a call that may be repeated until it succeeds, with a growing pause; throws the last error once `forMs` are over. */
export async function repeatCall<Value>(forMs: number, call: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + forMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() + pauseMs > deadline) throw error;
      await pause(pauseMs);
    }
  }
}
