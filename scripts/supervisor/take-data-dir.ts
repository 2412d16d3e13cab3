import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { FolderLock } from "../lock/folder-lock.mjs";
import { tryFolderLock } from "../lock/folder-lock.mjs";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";

/** Makes DATA_DIR this service's own until the lock is released; says who has it where it is taken. */
export async function takeDataDir(dataDir: string, url: string): Promise<Result<FolderLock, SetupFault>> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const lock = await tryFolderLock(join(dataDir, "longshore.lock"), { url });
    if (lock.ok) return lock;
    const { pid, url: theirs } = lock.failure;
    return fail({
      what: `Longshore already runs on ${dataDir}: process ${pid}, ${String(theirs)}.`,
      advice: `Use that one, stop it (kill ${pid}), or start another one with its own DATA_DIR and PORT.`,
    });
  } catch (error) {
    return fail(systemFault(`Using the folder ${dataDir}`, error));
  }
}
