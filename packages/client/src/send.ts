import { ConnectionError } from "./connection-error.ts";
import { pause, pauseBefore } from "./pause.ts";
import { ProblemError, toProblemError } from "./problem-error.ts";

export interface Connection {
  readonly fetch: typeof fetch;
  /** How long an answer may take, its body included, in ms. */
  readonly timeoutMs: number;
  /** How often a request that may be repeated is repeated, when the service was not reached or is busy. */
  readonly retries: number;
}

/** Sends a request that is safe to repeat, and gives the answer where it is 2xx. */
export type Send = (request: Request) => Promise<Response>;

/** A server that asks for more patience than this is left to the caller. */
const longestRetryAfterSeconds = 10;

/** Throws a {@link ProblemError} or a {@link ConnectionError} where there is no answer of 2xx, or the signal's reason. */
export function createSend({ fetch, timeoutMs, retries }: Connection): Send {
  const sendOnce = async (request: Request): Promise<Response> => {
    const response = await fetch(request, {
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok || !isOfService(response)) throw await toProblemError(response);
    // Here, and not where it is used: a body that is cut off is a request that failed.
    const body = response.status === 204 ? null : await response.arrayBuffer();
    return new Response(body, response);
  };
  return (request) =>
    tryRepeatedly(() => sendOnce(request.clone()), { retries, signal: request.signal, url: request.url });
}

interface Trying {
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  /** What is asked. */
  readonly url: string;
}

/** Tries what is safe to repeat; throws as {@link createSend} says. */
export async function tryRepeatedly<Value>(
  run: () => Promise<Value>,
  { retries, signal, url }: Trying,
): Promise<Value> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      if (failures > retries || !isPassing(error)) throw toFailure(error, url);
      await pause(pauseAfter(error, failures), signal);
    }
  }
}

/** What answers 200 with a page is a proxy's log-in, or another service. */
function isOfService({ status, headers }: Response): boolean {
  return status === 204 || (headers.get("content-type") ?? "").startsWith("application/json");
}

/** Whether the same request may go well in a moment. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return true;
  const { status, retryAfterSeconds } = error;
  if (status === 502 || status === 504) return true;
  return (status === 429 || status === 503) && (retryAfterSeconds ?? 0) <= longestRetryAfterSeconds;
}

/** How long to wait after this failure, in ms: as long as the service asks, where it does. */
export function pauseAfter(error: unknown, failures: number): number {
  const asked = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
  return Math.max(asked, pauseBefore(failures));
}

/** What the caller is told: a problem as it is, all else as a connection that failed. */
export function toFailure(error: unknown, url: string): Error {
  return error instanceof ProblemError ? error : new ConnectionError(url, error);
}
