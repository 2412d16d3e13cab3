import type { TrialContext } from "./trial.ts";
import { waitUntil } from "./wait-until.ts";

const printBoundMs = 120_000;

/** Waits until each of these Jobs has printed a line. */
export async function untilAllPrint({ world, stop }: TrialContext, ids: readonly string[]): Promise<void> {
  const look = async () => {
    for (const id of ids) {
      const events = await world.database.events(id);
      if (!events.some(({ stream }) => stream === "stdout")) return null;
    }
    return true;
  };
  await waitUntil(look, { what: "all jobs print", boundMs: printBoundMs, everyMs: 250, stop });
}
