import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 100;
const ASK_LIMIT_MS = 2_000;

/** The address under which a service that listens on `host` can be reached from this machine. */
export function localUrl(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Asks /ready until it answers 200. Gives null, or after `limitMs` (or on `stop`) what it last said. Where it wants a key
 * the API is up, and `hasWorker` says whether the rest is.
 */
export async function waitUntilReady(
  url: string,
  limitMs: number,
  stop: AbortSignal,
  hasWorker: () => Promise<boolean>,
): Promise<string | null> {
  const deadline = Date.now() + limitMs;
  let last = "it did not answer";
  while (Date.now() < deadline && !stop.aborted) {
    const answer = await askReady(url, hasWorker);
    if (answer === null) return null;
    last = answer;
    await pause(POLL_MS);
  }
  return last;
}

async function askReady(url: string, hasWorker: () => Promise<boolean>): Promise<string | null> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
    const body = await response.text();
    if (response.status === 401) return (await hasWorker()) ? null : "no worker was heard of yet";
    return response.status === 200 ? null : `it answers ${response.status}: ${body.slice(0, 500)}`;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}
