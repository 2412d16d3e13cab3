import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, posix, resolve } from "node:path";
import type { ScheduleRequest } from "@longshore/client";
import { CliError, systemError } from "../cli-error.ts";
import { showCount } from "../terminal/show-amounts.ts";
import type { Stdin } from "./read-stdin.ts";

export type JobFile = NonNullable<ScheduleRequest["files"]>[number];

/** The service's bounds: found out here before anything large is read or sent. */
const mostFiles = 50;
const largestBytes = 10 * 1024 * 1024;

interface FoundFile {
  /** Null for stdin. */
  readonly local: string | null;
  /** In the workspace, with slashes. */
  readonly path: string;
  readonly isExecutable?: boolean;
}

interface Found {
  readonly files: FoundFile[];
  readonly emptyFolders: string[];
}

export interface ReadFiles {
  readonly files: readonly JobFile[];
  /** What of them a job does not get, in words: it is given names and bytes. */
  readonly lost: readonly string[];
}

/**
 * The files that `--file` names: `data.csv` (comes under its own name), `data.csv:in/ships.csv`, a folder with all that is
 * in it, `.` for what is in this one, and `-:ships.csv` for stdin. Those that are no UTF-8 go as base64.
 */
export async function readFiles(given: readonly string[], cwd: string, stdin: Stdin): Promise<ReadFiles> {
  const found: Found = { files: [], emptyFolders: [] };
  for (const each of given) await find(await locate(each, cwd), found);
  const files: JobFile[] = [];
  let bytes = 0;
  for (const { local, path } of found.files) {
    const content = local === null ? await stdin.bytes(largestBytes) : await readLocal(local, bytes);
    bytes += content.byteLength;
    if (bytes > largestBytes) throw tooLarge(path);
    files.push(
      isUtf8(content)
        ? { path, content: content.toString("utf8") }
        : { path, content: content.toString("base64"), encoding: "base64" },
    );
  }
  return { files, lost: describeLost(found) };
}

function describeLost({ files, emptyFolders }: Found): readonly string[] {
  const executables = files.flatMap(({ path, isExecutable }) => (isExecutable === true ? [path] : []));
  const say = ([first, ...others]: readonly string[], what: string) =>
    first === undefined
      ? []
      : [`${first}${others.length === 0 ? "" : ` and ${showCount(others.length, "other")}`}: ${what}`];
  return [
    ...say(executables, "not executable in the job, until a step says chmod +x"),
    ...say(emptyFolders, "an empty folder, which the job has not, until a step says mkdir"),
  ];
}

/** A colon may be part of a name, and of `C:\data.csv`: a file that is there as it was typed wins. */
async function locate(text: string, cwd: string): Promise<FoundFile> {
  const at = text.lastIndexOf(":");
  const isWhole = at === -1 || (await stat(resolve(cwd, text)).catch(() => null)) !== null;
  const local = isWhole ? text : text.slice(0, at);
  const name = isWhole ? ownName(text, cwd) : text.slice(at + 1);
  if (local !== "-") return { local: resolve(cwd, local), path: posix.normalize(name === "" ? "." : name) };
  if (isWhole)
    throw new CliError("wrong_use", "stdin has no name as a file", "Give it one: --file -:data.csv.");
  return { local: null, path: name };
}

/** As `cp -r . THERE` has it: what is in this folder, and not the folder. */
function ownName(text: string, cwd: string): string {
  return /^\.[/\\]?$/.test(text) ? "." : basename(resolve(cwd, text));
}

async function find({ local, path }: FoundFile, found: Found): Promise<void> {
  if (found.files.length >= mostFiles)
    throw new CliError(
      "wrong_use",
      `More than ${String(mostFiles)} files`,
      "Put them into an archive, and give a step that unpacks it.",
    );
  if (local === null) {
    found.files.push({ local, path });
    return;
  }
  const { isDirectory, isFile, isExecutable } = await look(local);
  if (isFile) found.files.push({ local, path, isExecutable });
  else if (!isDirectory)
    throw new CliError(
      "wrong_use",
      `${local} is neither a file nor a folder`,
      "Give what can be read to an end.",
    );
  else await findIn(local, path, found);
}

async function findIn(folder: string, path: string, found: Found): Promise<void> {
  const entries = await list(folder);
  if (entries.length === 0) found.emptyFolders.push(path);
  for (const { name, isLink } of entries) {
    const local = join(folder, name);
    // One that leads to a folder above would go on for ever.
    if (isLink && (await look(local)).isDirectory)
      throw new CliError("wrong_use", `${local} is a link to a folder`, "Give that folder itself.");
    await find({ local, path: posix.join(path, name) }, found);
  }
}

interface Looked {
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  readonly isExecutable: boolean;
}

async function look(local: string): Promise<Looked> {
  try {
    const found = await stat(local);
    // Windows has no such bits.
    const isExecutable = process.platform !== "win32" && (found.mode & 0o111) !== 0;
    return { isDirectory: found.isDirectory(), isFile: found.isFile(), isExecutable };
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
