import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Result } from "@longshore/shared/domain/result";
import { workspace } from "./places.ts";

/** Why a file could not be written: the kernel's code, and a sentence for the log. */
export interface FileFault {
  readonly code: string;
  readonly message: string;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left",
  EDQUOT: "no space is left",
  EISDIR: "a folder is in its place",
  ENOTDIR: "a file is where a folder of its path should be",
  EEXIST: "a file is where a folder of its path should be",
  ENAMETOOLONG: "its name is too long",
  EACCES: "permission is denied",
  ELOOP: "a symbolic link is in its place",
  ENXIO: "something that is no file is in its place",
};

/**
 * Writes `bytes` to `path` below /workspace, making folders. Synchronous: nothing else happens in the Sandbox
 * meanwhile, and tmpfs is memory. Links in the path are followed as by any program: it can only harm the Job
 * itself. The last part is not, and a FIFO there does not block.
 */
export function placeFile(
  path: string,
  bytes: Uint8Array,
  { append, root = workspace }: { readonly append: boolean; readonly root?: string },
): Result<null, FileFault> {
  const full = join(root, path);
  try {
    mkdirSync(dirname(full), { recursive: true });
    writeWhole(full, bytes, append);
    return { ok: true, value: null };
  } catch (error) {
    const code = errorCode(error);
    return { ok: false, failure: { code, message: `${path} cannot be written: ${reasons[code] ?? code}.` } };
  }
}

function writeWhole(full: string, bytes: Uint8Array, append: boolean): void {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_APPEND, O_TRUNC } = constants;
  const flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | (append ? O_APPEND : O_TRUNC);
  const fd = openSync(full, flags, 0o644);
  try {
    if (!fstatSync(fd).isFile()) throw Object.assign(new Error("no file"), { code: "ENXIO" });
    for (let start = 0; start < bytes.length;) start += writeSync(fd, bytes, start);
  } finally {
    closeSync(fd);
  }
}

/** The code of a system error, such as ENOENT. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
}
