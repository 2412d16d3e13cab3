import { performance } from "node:perf_hooks";
import type { JobRow } from "@longshore/shared/db/job-record";
import type { Sweep } from "./create-sweep.ts";

export interface ExpiredLeaseDeps {
  /** The database's time. */
  readonly readTime: () => Promise<Date>;
  /** Takes over Leases that have run out, in this worker's name; none where it runs long after `asOf`. */
  readonly takeExpired: (limit: number, asOf: Date) => Promise<readonly JobRow[]>;
  readonly giveUp: (row: JobRow) => Promise<void>;
  /** Whether this Attempt runs in this very process. */
  readonly isOurs: (jobId: string, attempt: number) => boolean;
  readonly leaseSeconds: number;
}

const batch = 20;
// An answer that took longer than this came from a database that stood still.
const promptMs = 2_000;

/**
 * Ends or queues again what a worker that is gone has left running.
 *
 * Leases run out also where nobody could renew them because the database was away. Hence after a round in which it did
 * not answer, or not promptly, this sweep takes nothing until it has answered for a whole Lease: by then each worker
 * that lives has renewed its own. After its own start it acts at once: a worker that was killed and is started again
 * must not leave its Jobs waiting. An Attempt that runs in this process, which was itself frozen for longer than a
 * Lease, is not given up: to take its Lease has renewed it, in the right name.
 */
export function giveUpExpiredLeases(deps: ExpiredLeaseDeps): Sweep {
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
    name: "give-up-expired-leases",
    everyMs: 2_000,
    run: async (signal) => {
      const asOf = await answered(deps.readTime());
      if (performance.now() < unsureUntil || signal.aborted) return;
      const rows = await answered(deps.takeExpired(batch, asOf));
      const foreign = rows.filter((row) => !deps.isOurs(row.id, row.attempt));
      const results = await Promise.allSettled(foreign.map((row) => deps.giveUp(row)));
      const failed = results.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
  };
}
