import { mkdir, mkdtemp, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemError } from "../cli-error.ts";

/** Makes the folder, and one in it for what is not yet whole: then both are on one file system. Gives that one. */
export async function openOutputFolder(folder: string): Promise<string> {
  try {
    await makeFolders(folder, []);
    return await mkdtemp(join(folder, ".longshore-"));
  } catch (error) {
    throw systemError(`${folder} cannot be written`, error);
  }
}

/** Looks whether the folder could be made and written, and leaves all as it was. Throws a CliError where it could not. */
export async function tryOutputFolder(folder: string): Promise<void> {
  const made: string[] = [];
  try {
    await makeFolders(folder, made);
    await rm(await mkdtemp(join(folder, ".longshore-")), { recursive: true });
  } catch (error) {
    throw systemError(`${folder} cannot be written`, error);
  } finally {
    // One that somebody has put something into meanwhile stays.
    for (const path of made.toReversed()) await rmdir(path).catch(() => undefined);
  }
}

/**
 * Makes a folder and those above it that are missing, one by one, and adds them to `made`: Node's own recursive mkdir goes
 * on for ever where a file system says of a new folder that its parent is missing, as /proc does (Node 24).
 */
async function makeFolders(folder: string, made: string[]): Promise<void> {
  const missing: string[] = [];
  for (let path = folder; !(await isThere(path)); path = dirname(path)) {
    missing.unshift(path);
    // A drive that is not there has nothing above it.
    if (dirname(path) === path) break;
  }
  for (const path of missing) if (await makeFolder(path)) made.push(path);
}

/** False where another program has made it meanwhile. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (await isThere(path)) return false;
    throw error;
  }
}

/** Links are followed: whoever named the folder may have meant one. */
async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
