import { setTimeout as pause } from "node:timers/promises";

/** Asks a database that may be away until it answers, for two minutes; then it rejects as that does. */
export async function untilAnswered<Value>(ask: () => Promise<Value>): Promise<Value> {
  const until = Date.now() + 120_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(300);
    }
  }
}
