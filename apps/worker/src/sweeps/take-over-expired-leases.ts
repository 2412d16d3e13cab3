import { performance } from "node:perf_hooks";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { TakenLease } from "../attempt/open-attempt.ts";
import type { Sweep } from "./create-sweep.ts";

export interface ExpiredLeaseDeps {
  /** The database's time. */
  readonly readTime: () => Promise<Date>;
  /**
   * Takes over Leases that have run out, in this worker's name, those of its own running Attempts left aside: it renews
   * them, however long it was frozen. None where it runs long after `asOf`.
   */
  readonly takeExpired: (limit: number, asOf: Date) => Promise<readonly JobRow[]>;
  /** Goes on with it to its end, which may take as long as the Job. */
  readonly takeOver: (lease: TakenLease) => Promise<void>;
  readonly leaseSeconds: number;
  readonly logger: Logger;
}

const batch = 20;
// An answer that took longer than this came from a database that stood still.
const promptMs = 2_000;

/**
 * Goes on with what a worker that is gone has left running. More than the worker's concurrency may come together: their
 * Sandboxes run already.
 *
 * Leases run out also where nobody could renew them because the database was away. Hence after a round in which it did
 * not answer, or not promptly, this sweep takes nothing until it has answered for a whole Lease: by then each worker
 * that lives has renewed its own. After its own start it acts at once: a worker that was killed and is started again
 * must not leave its Jobs waiting.
 */
export function takeOverExpiredLeases(deps: ExpiredLeaseDeps): Sweep {
  let unsureUntil = 0;
  const answered = async <Value>(answer: Promise<Value>): Promise<Value> => {
    const askedAt = performance.now();
    let prompt = false;
    try {
      const value = await answer;
      prompt = performance.now() - askedAt < promptMs;
      return value;
    } finally {
      if (!prompt) unsureUntil = performance.now() + deps.leaseSeconds * 1_000;
    }
  };
  return {
    name: "take-over-expired-leases",
    everyMs: 1_000,
    run: async (signal) => {
      const asOf = await answered(deps.readTime());
      if (performance.now() < unsureUntil || signal.aborted) return;
      const takenAt = performance.now();
      const rows = await answered(deps.takeExpired(batch, asOf));
      for (const row of rows) {
        deps.takeOver({ row, takenAt }).catch((error: unknown) => {
          deps.logger.warn(
            { err: error, job: row.id },
            "a job could not be taken over: its lease runs out again",
          );
        });
      }
    },
  };
}
