import type { Sweep } from "./create-sweep.ts";

export interface ExpireArchivesDeps {
  /** Each takes at most so many, and gives how many it took. */
  readonly expireJobs: (limit: number) => Promise<number>;
  /** Null where the total size of the archives has no bound. */
  readonly expireOversize: ((limit: number) => Promise<number>) | null;
  readonly deleteOldJobs: (limit: number) => Promise<number>;
  readonly removeOldAuditEvents: (limit: number) => Promise<number>;
  readonly expireIdempotencyKeys: (limit: number) => Promise<void>;
  readonly removeSilentWorkers: () => Promise<void>;
}

const batch = 200;

/**
 * Retention: ended Jobs expire by age and, the oldest first, by the total size of their archives; the rows of those that
 * expired long ago go. What is behind them is then removed by `finish-removals`.
 */
export function expireArchives(deps: ExpireArchivesDeps): Sweep {
  const { expireJobs, expireOversize, deleteOldJobs, removeOldAuditEvents } = deps;
  const steps = [expireJobs, expireOversize, deleteOldJobs, removeOldAuditEvents].filter(
    (step) => step !== null,
  );
  return {
    name: "expire-archives",
    everyMs: 30_000,
    run: async (signal) => {
      for (const step of steps) {
        for (let taken = batch; taken >= batch;) {
          if (signal.aborted) return;
          taken = await step(batch);
        }
      }
      await deps.expireIdempotencyKeys(batch * 5);
      await deps.removeSilentWorkers();
    },
  };
}
