import type { Logger } from "@longshore/shared/runtime/logger";
import type { SandboxProvider, SandboxRecord } from "../sandbox/sandbox-provider.ts";
import { warmMaxAgeMs } from "../sandbox/warm-pool.ts";
import type { Sweep } from "./create-sweep.ts";

export interface RemoveOrphansDeps {
  readonly provider: Pick<SandboxProvider, "list" | "removeByRef">;
  /** Of the given Jobs those that are running, with their Attempt. */
  readonly findRunning: (
    jobIds: readonly string[],
  ) => Promise<readonly { readonly jobId: string; readonly attempt: number }[]>;
  /** True for what this very process runs: its owner removes it. */
  readonly isOurs: (jobId: string, attempt: number) => boolean;
  readonly logger: Logger;
}

const listBoundMs = 10_000;
// A warm Sandbox is younger in any pool; one that is older was left by a worker that is gone. The minute is for
// what passes between its making and the pool's clock, and for the pool's own removal.
const warmOrphanAgeMs = warmMaxAgeMs + 60_000;

/** Removes Sandboxes that nobody owns, by the engine's own list: of Jobs that are over, and of earlier Attempts. */
export function removeOrphans({ provider, findRunning, isOurs, logger }: RemoveOrphansDeps): Sweep {
  return {
    name: "remove-orphans",
    everyMs: 5_000,
    run: async (signal) => {
      // The list first and the Jobs second: a Sandbox that is in the list belongs to a Lease that was taken before.
      const sandboxes = await provider.list(AbortSignal.any([signal, AbortSignal.timeout(listBoundMs)]));
      const jobIds = [...new Set(sandboxes.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])))];
      const running = new Map((await findRunning(jobIds)).map(({ jobId, attempt }) => [jobId, attempt]));
      for (const sandbox of sandboxes.filter((each) => isOrphan(each, running, isOurs))) {
        logger.warn(
          { sandbox: sandbox.ref, job: sandbox.jobId, attempt: sandbox.attempt },
          "an orphan is removed",
        );
        await provider.removeByRef(sandbox.ref);
      }
    },
  };
}

function isOrphan(
  { jobId, attempt, createdAt }: SandboxRecord,
  running: ReadonlyMap<string, number>,
  isOurs: RemoveOrphansDeps["isOurs"],
): boolean {
  if (jobId === null || attempt === null) return Date.now() - createdAt.getTime() > warmOrphanAgeMs;
  return !isOurs(jobId, attempt) && running.get(jobId) !== attempt;
}
