import { link, lstat, rename, rm } from "node:fs/promises";
import { CliError, systemError } from "../cli-error.ts";

/**
 * Gives what is whole its final name, on the same file system. Unless `force`, nothing is overwritten; with it, a link that
 * is there is replaced, and what it leads to is left alone.
 */
export async function putInPlace(
  temporary: string,
  file: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  try {
    if (force) await rename(temporary, file);
    else await linkOrRename(temporary, file);
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? fileExists(file) : systemError(`${file} cannot be written`, error);
  }
}

/** Unlike a rename, a link fails where something is there; some file systems have none. */
async function linkOrRename(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file);
    await rm(temporary, { force: true });
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP"].includes(codeOf(error))) throw error;
    if (await exists(file)) throw fileExists(file);
    await rename(temporary, file);
  }
}

/** Whether there is anything of this name, be it a link to nothing. */
export async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => null)) !== null;
}

export function fileExists(file: string, more = 0): CliError {
  const others = more === 0 ? "" : ` and ${String(more)} more`;
  return new CliError(
    "local",
    `${file}${others} ${more === 0 ? "exists" : "exist"} already`,
    "Nothing was overwritten: give another place, or --force.",
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
