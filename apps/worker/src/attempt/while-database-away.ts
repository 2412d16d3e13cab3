import { setTimeout as pause } from "node:timers/promises";
import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { Logger } from "@longshore/shared/runtime/logger";

const retryPauseMs = 250;

/**
 * Does a write again and again while the database is away. Bounded by `fenced`, which aborts at the latest when the
 * Lease is lost: its renewals then could not be made for longer than they may be held off; then null.
 */
export async function whileDatabaseAway<Value>(
  write: () => Promise<Value>,
  fenced: AbortSignal,
  logger: Logger,
): Promise<Value | null> {
  let told = false;
  while (!fenced.aborted) {
    try {
      return await write();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      if (!told) logger.debug({ err: error }, "writes wait for the database");
      told = true;
      await pause(retryPauseMs, undefined, { signal: fenced }).catch(() => undefined);
    }
  }
  return null;
}
