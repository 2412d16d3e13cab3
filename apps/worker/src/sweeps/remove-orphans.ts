import { awaitedLater } from "@longshore/shared/runtime/awaited-later";
import type { Logger } from "@longshore/shared/runtime/logger";
import type { SandboxProvider, SandboxRecord } from "../sandbox/sandbox-provider.ts";
import { warmMaxAgeMs } from "../sandbox/warm-pool.ts";
import type { Sweep } from "./create-sweep.ts";

export interface RemoveOrphansDeps {
  readonly provider: Pick<SandboxProvider, "list" | "removeListed">;
  /** Of the given Jobs those that are running, with their Attempt. */
  readonly findRunning: (
    jobIds: readonly string[],
  ) => Promise<readonly { readonly jobId: string; readonly attempt: number }[]>;
  /** Ids of the workers that were heard of within `silenceMs`. */
  readonly findLiveWorkers: () => Promise<readonly string[]>;
  readonly silenceMs: number;
  /** True for what this very process runs: its owner removes it. */
  readonly isOurs: (jobId: string, attempt: number) => boolean;
  readonly logger: Logger;
  /** How long a round waits for its removals, in ms; 10 s where left out. */
  readonly roundMs?: number;
}

const listBoundMs = 10_000;
const usualRoundMs = 10_000;
// A warm Sandbox is younger in any pool; one that is older was left by a worker that is gone. The minute is for
// what passes between its making and the pool's clock, and for the pool's own removal.
const warmOrphanAgeMs = warmMaxAgeMs + 60_000;

// A worker is known to the database soon after its start, and its first warm Sandbox may be there before.
const youngMs = 15_000;
// A start follows its create at once; one whose create was never answered is never started.
const unstartedMs = 60_000;

/**
 * Removes Sandboxes that nobody owns, by the engine's own list: of Jobs that are over, of earlier Attempts, and warm ones
 * of workers that are gone. The end of a Job is told a moment before its owner has ended the Sandbox (decisions/008): only
 * one that the round before has found, too, is an orphan.
 */
export function removeOrphans(deps: RemoveOrphansDeps): Sweep {
  const { provider, logger } = deps;
  const removal = createRemoval(provider, deps.roundMs ?? usualRoundMs);
  const readDatabase = createDatabaseReader(deps);
  let overBefore: ReadonlySet<string> = new Set();
  return {
    name: "remove-orphans",
    everyMs: 5_000,
    run: async (signal) => {
      // The list first and the Jobs second: a Sandbox that is in the list belongs to a Lease that was taken before.
      const sandboxes = await provider.list(AbortSignal.any([signal, AbortSignal.timeout(listBoundMs)]));
      const { running, isGone } = await readDatabase(sandboxes);
      const over = new Set(sandboxes.filter((each) => isJobs(each) && isOver(each, running, deps)));
      const isOrphan = (each: SandboxRecord) =>
        isJobs(each)
          ? over.has(each) && (overBefore.has(each.ref) || running.has(each.jobId))
          : isLeftWarm(each, isGone);
      const orphans = sandboxes.filter((each) => isOrphan(each) && !removal.isUnderWay(each.ref));
      overBefore = new Set([...over].map(({ ref }) => ref));
      for (const { ref, jobId, attempt } of orphans)
        logger.warn({ sandbox: ref, job: jobId, attempt }, "an orphan is removed");
      await removal.start(orphans);
    },
  };
}

interface DatabaseFacts {
  /** The Attempt of each Job of a Sandbox that is running. */
  readonly running: ReadonlyMap<string, number>;
  readonly isGone: (worker: string) => boolean;
}

/**
 * After the database was away nobody was heard of lately, and all live: who has not reported again yet counts as gone only
 * once the database has answered for as long as a worker may be silent.
 */
function createDatabaseReader({ findRunning, findLiveWorkers, silenceMs }: RemoveOrphansDeps) {
  let failedAt = -Infinity;
  return async (sandboxes: readonly SandboxRecord[]): Promise<DatabaseFacts> => {
    const jobIds = [...new Set(sandboxes.flatMap(({ jobId }) => (jobId === null ? [] : [jobId])))];
    try {
      const running = new Map((await findRunning(jobIds)).map(({ jobId, attempt }) => [jobId, attempt]));
      const live = new Set(sandboxes.every(isJobs) ? [] : await findLiveWorkers());
      const knowsAll = performance.now() - failedAt > silenceMs;
      return { running, isGone: (worker) => knowsAll && !live.has(worker) };
    } catch (error) {
      failedAt = performance.now();
      throw error;
    }
  };
}

/** Removes side by side, and goes on beside later rounds where it takes long: an engine can hang on one of all containers. */
function createRemoval({ removeListed }: Pick<SandboxProvider, "removeListed">, roundMs: number) {
  const underWay = new Set<string>();
  const remove = async (orphan: SandboxRecord): Promise<void> => {
    underWay.add(orphan.ref);
    try {
      await removeListed(orphan);
    } finally {
      underWay.delete(orphan.ref);
    }
  };
  return {
    isUnderWay: (ref: string) => underWay.has(ref),
    /** Resolves when all are gone or the round's time is over, whichever is first. Rejects with what went wrong by then. */
    async start(orphans: readonly SandboxRecord[]): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, roundMs);
      });
      // What fails after the round is tried again, and told then, by a later one.
      const removals = awaitedLater(
        Promise.allSettled(orphans.map(remove)).then((ends) => {
          for (const end of ends) if (end.status === "rejected") throw end.reason;
        }),
      );
      await Promise.race([removals, over]).finally(() => clearTimeout(timer));
    },
  };
}

type JobSandbox = SandboxRecord & { readonly jobId: string; readonly attempt: number };

function isJobs(sandbox: SandboxRecord): sandbox is JobSandbox {
  return sandbox.jobId !== null && sandbox.attempt !== null;
}

function isOver(
  { jobId, attempt }: JobSandbox,
  running: ReadonlyMap<string, number>,
  { isOurs }: RemoveOrphansDeps,
): boolean {
  return !isOurs(jobId, attempt) && running.get(jobId) !== attempt;
}

function isLeftWarm(
  { startedBy, createdAt, running }: SandboxRecord,
  isGone: DatabaseFacts["isGone"],
): boolean {
  const ageMs = Date.now() - createdAt.getTime();
  if (!running && ageMs > unstartedMs) return true;
  return ageMs > warmOrphanAgeMs || (ageMs > youngMs && startedBy !== null && isGone(startedBy));
}
