import { statfsSync } from "node:fs";
import { workspace } from "./places.ts";

/** Whether /workspace has no block or no inode left. A program that lost its data to ENOSPC may still exit 0. */
export function isDiskFull(path = workspace): boolean {
  const { bavail, ffree, files } = statfsSync(path);
  return bavail === 0 || (files > 0 && ffree === 0);
}
