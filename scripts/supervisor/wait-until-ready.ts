import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 100;
const ASK_LIMIT_MS = 2_000;

/** The address under which a service that listens on `host` can be reached from this machine. */
export function localUrl(host: string, port: number): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** Asks /ready until it answers 200. Gives null, or after `limitMs` (or on `stop`) what it last said. */
export async function waitUntilReady(
  url: string,
  limitMs: number,
  stop: AbortSignal,
): Promise<string | null> {
  const deadline = Date.now() + limitMs;
  let last = "it did not answer";
  while (Date.now() < deadline && !stop.aborted) {
    const answer = await askReady(url);
    if (answer === null) return null;
    last = answer;
    await pause(POLL_MS);
  }
  return last;
}

async function askReady(url: string): Promise<string | null> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
    const body = await response.text();
    return response.status === 200 ? null : `it answers ${response.status}: ${body.slice(0, 500)}`;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}
