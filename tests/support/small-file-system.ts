import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A real file system of so many MB, to be filled up. */
export interface SmallFileSystem {
  readonly folder: string;
  /** As the kernel does with one that has a fault; or undoes that. */
  setReadOnly(readOnly: boolean): void;
  remove(): void;
}

/** Null where this user may not mount: only root may, and the test says that it was skipped for this. */
export function mountSmallFileSystem(megabytes: number): SmallFileSystem | null {
  const folder = mkdtempSync(join(tmpdir(), "longshore-small-"));
  const forget = () => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${String(megabytes)}m`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    forget();
    return null;
  }
  return {
    folder,
    setReadOnly: (readOnly) => {
      execFileSync("mount", ["-o", `remount,${readOnly ? "ro" : "rw"}`, folder], { stdio: "ignore" });
    },
    remove: () => {
      execFileSync("umount", ["-l", folder]);
      forget();
    },
  };
}

export const whyNoSmallFileSystem = "only root may mount the small file system this needs";
