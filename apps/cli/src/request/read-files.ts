import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, posix, resolve, sep } from "node:path";
import type { ScheduleRequest } from "@longshore/client";
import { CliError, systemError } from "../cli-error.ts";
import type { Surroundings } from "../surroundings.ts";
import { readStdinBytes } from "./read-stdin.ts";

type JobFile = NonNullable<ScheduleRequest["files"]>[number];

/** The service's bounds: found out here before anything large is read or sent. */
const mostFiles = 50;
const largestBytes = 10 * 1024 * 1024;

interface FoundFile {
  /** Null for stdin. */
  readonly local: string | null;
  /** In the workspace, with slashes. */
  readonly path: string;
}

/**
 * The files that `--file` names: `data.csv` (comes under its own name), `data.csv:in/ships.csv`, a folder with all that is
 * in it, and `-:ships.csv` for stdin. Those that are no UTF-8 go as base64.
 */
export async function readFiles(
  given: readonly string[],
  { cwd, stdin }: Surroundings,
): Promise<readonly JobFile[]> {
  const found: FoundFile[] = [];
  for (const each of given) await find(await locate(each, cwd), found);
  const files: JobFile[] = [];
  let bytes = 0;
  for (const { local, path } of found) {
    const content =
      local === null ? await readStdinBytes(stdin, largestBytes) : await readLocal(local, bytes);
    bytes += content.byteLength;
    if (bytes > largestBytes) throw tooLarge(path);
    files.push(
      isUtf8(content)
        ? { path, content: content.toString("utf8") }
        : { path, content: content.toString("base64"), encoding: "base64" },
    );
  }
  return files;
}

/** A colon may be part of a name, and of `C:\data.csv`: a file that is there as it was typed wins. */
async function locate(text: string, cwd: string): Promise<FoundFile> {
  const at = text.lastIndexOf(":");
  const isWhole = at === -1 || (await stat(resolve(cwd, text)).catch(() => null)) !== null;
  const local = isWhole ? text : text.slice(0, at);
  const name = isWhole ? basename(resolve(cwd, text)) : text.slice(at + 1);
  if (local !== "-") return { local: resolve(cwd, local), path: posix.normalize(name === "" ? "." : name) };
  if (isWhole)
    throw new CliError("wrong_use", "stdin has no name as a file", "Give it one: --file -:data.csv.");
  return { local: null, path: name };
}

async function find({ local, path }: FoundFile, found: FoundFile[]): Promise<void> {
  if (found.length >= mostFiles)
    throw new CliError(
      "wrong_use",
      `More than ${String(mostFiles)} files`,
      "Put them into an archive, and give a step that unpacks it.",
    );
  if (local === null) {
    found.push({ local, path });
    return;
  }
  const { isDirectory, isFile } = await look(local);
  if (isFile) found.push({ local, path });
  else if (!isDirectory)
    throw new CliError(
      "wrong_use",
      `${local} is neither a file nor a folder`,
      "Give what can be read to an end.",
    );
  else
    for (const { name, isLink } of await list(local)) {
      // One that leads to a folder above would go on for ever.
      if (isLink && (await look(join(local, name))).isDirectory)
        throw new CliError(
          "wrong_use",
          `${local}${sep}${name} is a link to a folder`,
          "Give that folder itself.",
        );
      await find({ local: join(local, name), path: posix.join(path, name) }, found);
    }
}

async function look(local: string): Promise<{ readonly isDirectory: boolean; readonly isFile: boolean }> {
  try {
    const found = await stat(local);
    return { isDirectory: found.isDirectory(), isFile: found.isFile() };
  } catch (error) {
    throw systemError(`The file ${local} cannot be read`, error);
  }
}

async function list(folder: string): Promise<readonly { readonly name: string; readonly isLink: boolean }[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .map((entry) => ({ name: entry.name, isLink: entry.isSymbolicLink() }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    throw systemError(`The folder ${folder} cannot be read`, error);
  }
}

async function readLocal(local: string, before: number): Promise<Buffer> {
  try {
    const { size } = await stat(local);
    if (before + size > largestBytes) throw tooLarge(local);
    return await readFile(local);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw systemError(`The file ${local} cannot be read`, error);
  }
}

function tooLarge(path: string): CliError {
  return new CliError(
    "wrong_use",
    `With ${path} the files are more than 10 MiB together`,
    "Give less, or let a step fetch them (--network).",
  );
}
