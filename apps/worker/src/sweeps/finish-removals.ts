import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Sweep } from "./create-sweep.ts";

export interface FinishRemovalsDeps {
  /** Keys in order, after this one. */
  readonly findArchives: (after: string, limit: number) => Promise<readonly string[]>;
  readonly noteArchivesRemoved: (keys: readonly string[]) => Promise<void>;
  /** False where there are none left. */
  readonly removeSomeEvents: () => Promise<boolean>;
  /** Gives how many it took. */
  readonly closeRemovals: (limit: number) => Promise<number>;
  readonly blobStore: Pick<BlobStore, "remove">;
  readonly logger: Logger;
}

const batch = 200;

/**
 * Removes what expired and deleted Jobs have left: archives, Events, and last the note that they are to go. Each part is
 * noted after it is done, so that a crash repeats it, and an archive that cannot be removed now is tried again.
 */
export function finishRemovals(deps: FinishRemovalsDeps): Sweep {
  let failing = false;
  const removeArchives = async (signal: AbortSignal): Promise<void> => {
    let failure: string | null = null;
    for (let after = "", found: readonly string[]; ;) {
      found = await deps.findArchives(after, batch);
      const removed: string[] = [];
      for (const key of found) {
        const outcome = await deps.blobStore.remove(key);
        if (outcome.ok) removed.push(key);
        else failure = outcome.failure.message;
      }
      if (removed.length > 0) await deps.noteArchivesRemoved(removed);
      after = found.at(-1) ?? after;
      if (found.length < batch || signal.aborted) break;
    }
    // Once for all of them: what cannot be removed is tried again in each round.
    if (failure !== null && !failing) deps.logger.warn({ reason: failure }, "archives cannot be removed");
    if (failure === null && failing) deps.logger.info("archives can be removed again");
    failing = failure !== null;
  };
  return {
    name: "finish-removals",
    everyMs: 5_000,
    run: async (signal) => {
      await removeArchives(signal);
      while (!signal.aborted && (await deps.removeSomeEvents())) continue;
      while (!signal.aborted && (await deps.closeRemovals(batch)) >= batch) continue;
    },
  };
}
