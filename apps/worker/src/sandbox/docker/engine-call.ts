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

/** Nobody answered a call, as the connection could not be made or broke: whether it was done is not known. */
export class EngineAway extends Error {
  override readonly name = "EngineAway";
}

/** What Node says of a connection that could not be made or broke; of TCP ones also where the host is not found. */
const connectionCodes: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ENOENT", "ECONNRESET", "EPIPE", "ETIMEDOUT"],
  ...["EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN"],
]);

/** The same words may be said of another connection, or of a file: here it is known whose they are. */
function asEngineAway(error: unknown): unknown {
  if (!(error instanceof Error) || engineStatus(error) !== null || !("code" in error)) return error;
  if (typeof error.code !== "string" || !connectionCodes.has(error.code)) return error;
  return new EngineAway(error.message, { cause: error });
}

/**
 * One call to the container engine, with an end: an engine that hangs gives an error that names the call, one that is
 * away an {@link EngineAway}. The call gets a signal, but is not believed to heed it.
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
        (error: unknown) => (ending.signal.aborted ? giveUp() : reject(asEngineAway(error))),
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
