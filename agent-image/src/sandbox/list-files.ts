import { lstatSync, opendirSync, type Dir } from "node:fs";
import { join } from "node:path";
import { errorCode } from "./place-file.ts";
import { workspace } from "./places.ts";

export interface ListedFile {
  /** Relative to /workspace. */
  readonly path: string;
  readonly bytes: number;
}

/** A Step can leave a million names, or names of 4 KiB; the model needs an idea of what is there. */
const bounds = { files: 200, jsonBytes: 64 * 1024, entries: 20_000, depth: 32, ms: 500 };

/** The regular files below /workspace, links not followed, sorted by path, as far as the bounds reach. */
export function listFiles(root = workspace): ListedFile[] {
  const paths: string[] = [];
  const deadline = performance.now() + bounds.ms;
  let entries = 0;

  function visit(folder: string, depth: number): void {
    const open = openFolder(join(root, folder));
    if (open === null) return;
    const folders: string[] = [];
    try {
      for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
        entries += 1;
        if (entries > bounds.entries || performance.now() > deadline) break;
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (entry.isFile()) paths.push(path);
        else if (entry.isDirectory()) folders.push(path);
      }
    } finally {
      open.closeSync();
    }
    if (depth < bounds.depth) for (const path of folders.sort()) visit(path, depth + 1);
  }

  visit("", 1);
  return withSizes(root, paths.sort());
}

function withSizes(root: string, paths: readonly string[]): ListedFile[] {
  const files: ListedFile[] = [];
  let jsonBytes = 0;
  for (const path of paths) {
    const bytes = fileBytes(join(root, path));
    if (bytes === null) continue;
    const file = { path, bytes };
    jsonBytes += Buffer.byteLength(JSON.stringify(file), "utf8");
    if (files.length === bounds.files || jsonBytes > bounds.jsonBytes) break;
    files.push(file);
  }
  return files;
}

/** Null where it is too deep, forbidden or gone. */
function openFolder(path: string): Dir | null {
  try {
    return opendirSync(path);
  } catch (error) {
    return unreadable(error);
  }
}

function fileBytes(path: string): number | null {
  try {
    return lstatSync(path).size;
  } catch (error) {
    return unreadable(error);
  }
}

/** A file that cannot be looked at is left out; what is no system error is a bug. */
function unreadable(error: unknown): null {
  if (errorCode(error) === "unknown") throw error;
  return null;
}
