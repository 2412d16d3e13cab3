import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { ExpiredJob } from "@longshore/shared/db/expire-jobs";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { Sweep } from "./create-sweep.ts";

export interface ExpireArchivesDeps {
  /** Marks ended Jobs whose retention is over, and gives them. */
  readonly expireJobs: (limit: number) => Promise<readonly ExpiredJob[]>;
  /** Removes the Events of every Job that is so marked, also of those that an earlier round did not get done. */
  readonly deleteExpiredEvents: (signal: AbortSignal) => Promise<void>;
  readonly findUnreferenced: (keys: readonly string[]) => Promise<readonly string[]>;
  readonly expireIdempotencyKeys: (limit: number) => Promise<void>;
  readonly removeSilentWorkers: () => Promise<void>;
  readonly blobStore: Pick<BlobStore, "list" | "remove" | "removeStaleTemporaries">;
  readonly logger: Logger;
}

const batch = 50;
// Longer than any archive takes from its first byte to the row that names it.
const unreferencedAgeMs = 6 * 3_600_000;

/** Retention: archives and Events whose time is over, archives that no Job names, keys and files left by crashes. */
export function expireArchives(deps: ExpireArchivesDeps): Sweep {
  const remove = async (key: string): Promise<void> => {
    const removed = await deps.blobStore.remove(key);
    if (!removed.ok)
      deps.logger.warn({ key, reason: removed.failure.message }, "an archive could not be removed");
  };
  const removeUnreferenced = async (): Promise<void> => {
    let keys: string[] = [];
    const flush = async () => {
      for (const key of await deps.findUnreferenced(keys)) await remove(key);
      keys = [];
    };
    for await (const blob of deps.blobStore.list()) {
      if (Date.now() - blob.modifiedAt.getTime() > unreferencedAgeMs) keys.push(blob.key);
      if (keys.length >= batch * 10) await flush();
    }
    if (keys.length > 0) await flush();
  };
  return {
    name: "expire-archives",
    everyMs: 60_000,
    run: async (signal) => {
      for (;;) {
        const jobs = await deps.expireJobs(batch);
        for (const { archiveKey } of jobs) if (archiveKey !== null) await remove(archiveKey);
        if (signal.aborted) return;
        if (jobs.length < batch) break;
      }
      await deps.deleteExpiredEvents(signal);
      if (signal.aborted) return;
      await deps.expireIdempotencyKeys(batch * 20);
      await deps.removeSilentWorkers();
      await removeUnreferenced();
      await deps.blobStore.removeStaleTemporaries(unreferencedAgeMs);
    },
  };
}
