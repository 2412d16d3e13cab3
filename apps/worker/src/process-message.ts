import { performance } from "node:perf_hooks";
import type { Message } from "@longshore/shared/contracts/message";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { AttemptStore } from "./attempt/attempt-store.ts";
import type { AttemptRunner } from "./attempt/run-attempt.ts";

export interface ProcessMessageDeps {
  readonly store: Pick<AttemptStore, "takeLease">;
  readonly runner: Pick<AttemptRunner, "run">;
  readonly owner: string;
  readonly logger: Logger;
}

/**
 * One Message, one outcome: takes the Lease and runs the Attempt, or does nothing where the Attempt is not there to be
 * taken (delivered twice, late, or for a Job that has ended). Rejects only where the database is away or by a bug: the
 * Job is then still queued, or its Lease runs out, and a sweep offers it again.
 */
export function createMessageProcessor({ store, runner, owner, logger }: ProcessMessageDeps) {
  return async ({ jobId, attempt }: Message): Promise<void> => {
    const takenAt = performance.now();
    const row = await store.takeLease({ jobId, attempt, owner });
    if (row === null) {
      logger.debug({ job: jobId, attempt }, "a message for an attempt that is not due");
      return;
    }
    await runner.run({ row, takenAt });
  };
}
