import type { StatsFs } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Check } from "./check.ts";
import type { Ledger } from "./ledger.ts";

/** The file system of the archives: there is room for more Jobs. */
export function checkDisk({ archiveFolder, minFreeMb }: Pick<Ledger, "archiveFolder" | "minFreeMb">): Check {
  return {
    name: "free disk",
    advice: "free some space, or lower RETENTION_DAYS or RETENTION_MB",
    look: async () => {
      const { bavail, blocks, bsize } = await nearest(archiveFolder);
      const freeMb = (bavail * bsize) / 1_048_576;
      const share = blocks === 0 ? 0 : Math.round((bavail / blocks) * 100);
      const holds = `${(freeMb / 1_024).toFixed(1)} GB, ${String(share)} %`;
      const what = `less than ${String(minFreeMb)} MB (MIN_FREE_DISK_MB) are free: no job is taken`;
      return { holds, suspects: freeMb < minFreeMb ? [{ id: archiveFolder, what }] : [] };
    },
  };
}

/** The folder is made when the first archive is written. */
async function nearest(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder);
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return nearest(dirname(folder));
  }
}
