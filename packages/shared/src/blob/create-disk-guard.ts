import { access, constants, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { ComponentState } from "../db/worker-report.ts";
import type { Logger } from "../runtime/logger.ts";
import { toBlobFailure } from "./to-blob-failure.ts";

export interface DiskState {
  /** False where new Jobs are not to be taken. */
  readonly roomForJobs: boolean;
  /** `degraded` where there is hardly room left, `away` where the folder cannot be looked at or not be written. */
  readonly component: ComponentState;
  /** Null where it was not looked at, or could not be. */
  readonly freeBytes: number | null;
}

export interface DiskGuard {
  /** Looks, unless that was done within the last second. Never rejects, and takes a second at most. */
  check(): Promise<DiskState>;
}

export interface DiskGuardOptions {
  /** Where archives are written; it need not be there yet. */
  readonly folder: string;
  /** How much is to be left, in MB of 1,048,576 bytes, for jobs that run already. 0 looks at nothing. */
  readonly minFreeMb: number;
  /** Whether this process writes there, too, so that a folder that may only be read is of no use; not, where left out. */
  readonly writes?: boolean;
  readonly logger: Logger;
  /** How it looks; another way is for tests of a file system that does not answer. */
  readonly readFreeMb?: (folder: string) => Promise<number>;
}

const bytesPerMb = 1_048_576;
const cachedMs = 1_000;
// A network file system that is away does not answer at all.
const boundMs = 1_000;
// Jobs are taken again only when there is somewhat more: at the very bound each archive would change it.
const resumeAt = 1.1;

type Judged = Omit<DiskState, "freeBytes">;

const ok: Judged = { roomForJobs: true, component: { state: "ok", reason: null } };
const unknown: Judged = {
  roomForJobs: true,
  component: { state: "away", reason: "the folder of the archives cannot be looked at" },
};

const readOnly: Judged = {
  roomForJobs: false,
  component: { state: "away", reason: "archives may not be written where they are kept" },
};

/**
 * Knows whether the file system of the archives is nearly full, or takes nothing at all (one with a fault is made
 * read-only by its kernel), and logs each change of that, and nothing else. Where it cannot be looked at, Jobs are taken:
 * that it is full is not known.
 */
export function createDiskGuard(options: DiskGuardOptions): DiskGuard {
  const { folder, minFreeMb, writes = false, logger, readFreeMb = askFileSystem } = options;
  let last = ok;
  let looking: Promise<DiskState> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let hanging = false;

  const judge = (freeMb: number): Judged => {
    const enough = last.component.state === "degraded" ? minFreeMb * resumeAt : minFreeMb;
    if (freeMb >= enough) return ok;
    const reason = `there is hardly room left where archives are written: less than ${String(Math.ceil(enough))} MB`;
    return { roomForJobs: false, component: { state: "degraded", reason } };
  };
  const look = async (): Promise<DiskState> => {
    // Not asked again until it answers, and not waited for: each look would hold a thread, and each caller.
    if (hanging) return { ...unknown, freeBytes: null };
    hanging = true;
    const reading = Promise.all([readFreeMb(folder), writes ? mayWrite(folder) : true]);
    try {
      const [freeMb, writable] = await withinBound(reading.finally(() => (hanging = false)));
      const state = writable ? judge(freeMb) : readOnly;
      tell(state, Math.floor(freeMb));
      return { ...state, freeBytes: Math.floor(freeMb * bytesPerMb) };
    } catch {
      tell(unknown, null);
      return { ...unknown, freeBytes: null };
    }
  };
  const tell = (state: Judged, freeMb: number | null): void => {
    const changed = state.component.state !== last.component.state || state.roomForJobs !== last.roomForJobs;
    last = state;
    if (!changed) return;
    if (state === ok) logger.info({ freeMb }, "there is room for archives again: jobs are taken");
    else if (state === unknown) logger.warn(state.component.reason);
    else if (state === readOnly) logger.warn(`${String(state.component.reason)}: no jobs are taken`);
    else logger.warn({ freeMb, minFreeMb }, "the disk of the archives is nearly full: no jobs are taken");
  };
  return {
    check: () => {
      if (minFreeMb === 0) return Promise.resolve({ ...ok, freeBytes: null });
      if (looking !== null && performance.now() - lookedAt < cachedMs) return looking;
      lookedAt = performance.now();
      looking = look();
      return looking;
    },
  };
}

/** What this user may still write there, in MB; of the nearest folder above where there is none yet. */
async function askFileSystem(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return (bavail * bsize) / bytesPerMb;
  } catch (error) {
    if (toBlobFailure(error).code !== "not_found" || dirname(folder) === folder) throw error;
    return askFileSystem(dirname(folder));
  }
}

/** Whether this user may make files there; in the nearest folder above where there is none yet. */
async function mayWrite(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    return true;
  } catch (error) {
    const { code } = toBlobFailure(error);
    if (code === "not_permitted") return false;
    if (code !== "not_found" || dirname(folder) === folder) throw error;
    return mayWrite(dirname(folder));
  }
}

async function withinBound<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the file system did not answer")), boundMs);
  });
  try {
    return await Promise.race([answer, bound]);
  } finally {
    clearTimeout(timer);
  }
}
