import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "../runtime/logger.ts";
import { isDatabaseAway } from "./database-away.ts";

const boundMs = 30_000;
const pauseMs = 500;

/**
 * Does what needs the database at the start, again while it is away: parts that start together need not be started in
 * order. Rejects with the last error after 30 s, with any other error at once, and where `stop` aborts.
 */
export async function whenDatabaseAnswers<Value>(
  act: () => Promise<Value>,
  logger: Logger,
  stop: AbortSignal,
): Promise<Value> {
  const deadline = Date.now() + boundMs;
  for (let told = false; ; told = true) {
    try {
      return await act();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() + pauseMs > deadline) throw error;
      if (!told) logger.warn("the database does not answer yet: waiting for it, up to 30 s");
      await pause(pauseMs, undefined, { signal: stop });
    }
  }
}
