import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { lstat, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { ArchiveError, LongshoreError } from "@longshore/client";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { CliError, systemError } from "../cli-error.ts";
import { type OutputEntry, outputEntries, staysInside } from "./output-entries.ts";
import { exists, fileExists, putInPlace } from "./put-in-place.ts";
import { type ManifestFile, type NotTaken, readManifest } from "./read-manifest.ts";

export interface UnpackedFile {
  /** As the job had it in its workspace. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Unpacked {
  readonly files: readonly UnpackedFile[];
  /** How many files were there before. */
  readonly overwritten: number;
  /** Links that were not made, and why. */
  readonly links: readonly { readonly path: string; readonly reason: string }[];
  /** What the job left and the archive does not hold, or not whole. */
  readonly notTaken: readonly NotTaken[];
}

export interface UnpackOptions {
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/**
 * Unpacks the outputs of an archive into a folder, and writes nowhere else: no name leads out, no link that is there is
 * followed, links come last. Each file is checked against the manifest's SHA-256 before it gets its name. Unless `force`,
 * nothing at all is written where one file is there already.
 */
export async function unpackOutputs(
  archive: string,
  folder: string,
  { force, signal }: UnpackOptions,
): Promise<Unpacked> {
  const zip = await openZip(archive);
  try {
    return await unpackZip(zip, folder, { temporary: join(dirname(archive), "next"), force, signal });
  } catch (error) {
    // A pipeline that is aborted says so in words of its own.
    signal.throwIfAborted();
    if (error instanceof LongshoreError) throw error;
    throw systemError(`The outputs cannot be unpacked into ${folder}`, error);
  } finally {
    zip.close();
  }
}

async function openZip(archive: string): Promise<ZipFile> {
  try {
    return await openPromise(archive, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw new ArchiveError("what came is no zip", { cause: error });
  }
}

async function unpackZip(
  zip: ZipFile,
  folder: string,
  { temporary, force, signal }: UnpackOptions & { readonly temporary: string },
): Promise<Unpacked> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  const { files: manifest, notTaken } = await readManifest(zip, entries);
  const outputs = outputEntries(entries);
  const files = outputs.flatMap((output) => (output.kind === "file" ? [toFile(output, manifest)] : []));
  const taken = await findTaken(folder, files, force);
  const ensure = createFolders(folder);
  for (const output of outputs) if (output.kind === "folder") await ensure(output.segments);
  for (const file of files) {
    signal.throwIfAborted();
    await ensure(file.output.segments.slice(0, -1));
    await writeFile(zip, file, { temporary, folder, force, signal });
  }
  const links: { path: string; reason: string }[] = [];
  for (const output of outputs)
    if (output.kind === "link") {
      const reason = await makeLink(zip, output, folder, ensure);
      if (reason !== null) links.push({ path: output.path, reason });
    }
  return { files: files.map(({ unpacked }) => unpacked), overwritten: taken, links, notTaken };
}

interface FileToWrite {
  readonly output: OutputEntry;
  readonly unpacked: UnpackedFile;
}

/** What the manifest does not tell of in just this size is not written: no file grows beyond what was announced. */
function toFile(output: OutputEntry, manifest: ReadonlyMap<string, ManifestFile>): FileToWrite {
  const told = manifest.get(output.entry.fileName);
  if (told === undefined || told.bytes !== output.entry.uncompressedSize)
    throw new ArchiveError(`${output.path} is not as the archive's manifest tells it`);
  return { output, unpacked: { path: output.path, bytes: told.bytes, sha256: told.sha256 } };
}

async function findTaken(folder: string, files: readonly FileToWrite[], force: boolean): Promise<number> {
  const taken: string[] = [];
  for (const { output } of files) {
    const target = join(folder, ...output.segments);
    if (await exists(target)) taken.push(target);
  }
  const [first] = taken;
  if (first !== undefined && !force) throw fileExists(first, taken.length - 1);
  return taken.length;
}

type EnsureFolder = (segments: readonly string[]) => Promise<void>;

/** Makes folders below `root`, and goes through none that is a link: that may lead anywhere. */
function createFolders(root: string): EnsureFolder {
  const known = new Set<string>();
  return async (segments) => {
    let path = root;
    for (const segment of segments) {
      path = join(path, segment);
      if (known.has(path)) continue;
      const found = await lstat(path).catch(() => null);
      if (found === null) await mkdir(path);
      else if (!found.isDirectory())
        throw new CliError(
          "local",
          `${path} is ${found.isSymbolicLink() ? "a link" : "a file"}, where a folder of the outputs belongs`,
          "Nothing is written through it: move it away, or give another place.",
        );
      known.add(path);
    }
  };
}

async function writeFile(
  zip: ZipFile,
  { output, unpacked }: FileToWrite,
  {
    temporary,
    folder,
    force,
    signal,
  }: UnpackOptions & { readonly temporary: string; readonly folder: string },
): Promise<void> {
  const mode = (output.entry.externalFileAttributes >>> 16) & 0o777;
  const hash = createHash("sha256");
  const hashed = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      hash.update(piece);
      done(null, piece);
    },
  });
  await rm(temporary, { force: true });
  const content = await zip.openReadStreamPromise(output.entry);
  await pipeline(
    content,
    hashed,
    createWriteStream(temporary, { flags: "wx", mode: mode === 0 ? 0o644 : mode }),
    { signal },
  );
  if (hash.digest("hex") !== unpacked.sha256)
    throw new ArchiveError(`${output.path} is not what was stored: its SHA-256 is another`);
  await putInPlace(temporary, join(folder, ...output.segments), { force });
}

const longestTarget = 4_096;

/** Gives why it was not made, or null. */
async function makeLink(
  zip: ZipFile,
  { entry, path, segments }: OutputEntry,
  folder: string,
  ensure: EnsureFolder,
): Promise<string | null> {
  if (entry.uncompressedSize > longestTarget) return "its target is too long";
  const target = await text(await zip.openReadStreamPromise(entry));
  if (!staysInside(path, target)) return "it leads out of the folder";
  const place = join(folder, ...segments);
  if (await exists(place)) return "something is there already";
  await ensure(segments.slice(0, -1));
  try {
    await symlink(target, place);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
