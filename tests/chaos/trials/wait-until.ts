import { setTimeout as pause } from "node:timers/promises";

export interface WaitOptions {
  /** What is waited for, as the error says it. */
  readonly what: string;
  readonly boundMs: number;
  readonly stop: AbortSignal;
  readonly everyMs?: number;
}

/** Asks until the answer is not null, and gives it. Rejects after the bound, or when the trial is stopped. */
export async function waitUntil<Value>(
  ask: () => Promise<Value | null> | Value | null,
  { what, boundMs, stop, everyMs = 100 }: WaitOptions,
): Promise<Value> {
  const until = Date.now() + boundMs;
  for (;;) {
    stop.throwIfAborted();
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > until) throw new Error(`${what}: not within ${String(boundMs / 1_000)} s`);
    await pause(everyMs);
  }
}
