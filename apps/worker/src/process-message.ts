import { performance } from "node:perf_hooks";
import type { Message } from "@longshore/shared/contracts/message";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { AttemptStore } from "./attempt/attempt-store.ts";
import type { AttemptRunner } from "./attempt/run-attempt.ts";

export interface ProcessMessageDeps {
  readonly store: Pick<AttemptStore, "takeNextLease">;
  readonly runner: Pick<AttemptRunner, "run">;
  readonly logger: Logger;
}

/**
 * One Message, one outcome: takes the Lease of the Attempt that is next and runs it, or does nothing where none is due.
 * Each Attempt that waits has a Message, and each Message takes one; that it is its own is not needed, and with several
 * tenants often is not so. Rejects only where the database is away or by a bug: the Job is then still queued, or its
 * Lease runs out, and a sweep offers it again.
 */
export function createMessageProcessor({ store, runner, logger }: ProcessMessageDeps) {
  return async ({ jobId, attempt }: Message): Promise<void> => {
    const takenAt = performance.now();
    const row = await store.takeNextLease();
    if (row?.id !== jobId || row.attempt !== attempt) {
      logger.debug({ job: jobId, attempt, instead: row?.id }, "a message for an attempt that is not next");
    }
    if (row !== null) await runner.run({ row, takenAt });
  };
}
