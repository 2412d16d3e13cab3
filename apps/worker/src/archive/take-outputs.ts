import { createHash, hash } from "node:crypto";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { splitEntryPath } from "./entry-name.ts";
import { createEntryTree, type EntryTree } from "./entry-tree.ts";
import { resolveLinkTarget } from "./link-target.ts";
import type { Manifest } from "./manifest.ts";
import { readTar, type TarEnd, type TarEntry } from "./read-tar.ts";
import type { TarLimits } from "./tar-limits.ts";
import type { ZipWriter } from "./zip-writer.ts";

/** What of /workspace is in the Archive. `bytes` are those of the files, as they were stored. */
export interface TakenOutputs {
  readonly files: number;
  readonly bytes: number;
  readonly end: TarEnd;
}

export interface TakeOutputsDeps {
  readonly zip: ZipWriter;
  readonly manifest: Manifest;
}

// Above this a file goes through the zip as a stream: memory stays flat. Below, a buffer costs less time.
const bufferedBytes = 65_536;

const tooManyFolders = "there are too many folders";
const unusualTypes: Readonly<Record<string, string>> = {
  "3": "it is a character device",
  "4": "it is a block device",
  "6": "it is a FIFO or a socket",
};

/** Puts what a hostile tar of /workspace holds below `outputs/` of the zip, and tells the manifest of each entry. */
export async function takeOutputs(
  deps: TakeOutputsDeps,
  source: AsyncIterable<Uint8Array>,
  limits: TarLimits,
  signal: AbortSignal,
): Promise<TakenOutputs> {
  const tar = readTar(source, limits, signal);
  const taker = createTaker(deps, createEntryTree(limits.entries));
  for await (const entry of tar.entries) {
    const reason = await taker.take(entry);
    if (reason !== null) deps.manifest.addNotTaken(entry.path, reason);
  }
  const end = tar.end();
  if (end.kind === "too_large")
    deps.manifest.addNotTaken(end.path, `${end.message}: this and what comes after it`);
  if (end.kind === "damaged")
    deps.manifest.addNotTaken(Buffer.from("…"), `${end.message}: what comes after it`);
  return { ...taker.taken, end };
}

function createTaker({ zip, manifest }: TakeOutputsDeps, tree: EntryTree) {
  const taken = { files: 0, bytes: 0 };
  const regular = new Map<string, string>();

  const takeLink = async (entry: TarEntry, segments: readonly Buffer[]): Promise<string | null> => {
    const hard = entry.kind === "hard_link";
    const target = hard ? hardLinkTarget(entry.link, regular) : resolveLinkTarget(segments, entry.link);
    if (!target.ok) return target.failure;
    const path = tree.place(segments, "other")?.path;
    if (path === undefined) return tooManyFolders;
    // What a hard link means is gone by: as a symlink to the first of its names it costs no second copy.
    const text = hard ? relativeTo(path, target.value) : target.value;
    await zip.addLink({ name: path, date: dateOf(entry), mode: 0o777 }, text);
    manifest.addLink({ path, target: text, ...(hard ? { hard_link: true } : {}) }, entry.path);
    return null;
  };

  const takeFile = async (entry: TarEntry, segments: readonly Buffer[]): Promise<string | null> => {
    const path = tree.place(segments, "other")?.path;
    if (path === undefined) return tooManyFolders;
    const mode = cleanMode(entry.mode);
    const { bytes, sha256 } = await addFile(zip, { name: path, date: dateOf(entry), mode }, entry);
    if (bytes < entry.size)
      return `only the first ${String(bytes)} of its ${String(entry.size)} bytes came; they are kept as ${path}`;
    taken.files += 1;
    taken.bytes += bytes;
    regular.set(keyOf(segments), path);
    manifest.addFile({ path, bytes, sha256, mode }, entry.path);
    return null;
  };

  const takeFolder = async (entry: TarEntry, segments: readonly Buffer[]): Promise<string | null> => {
    // /workspace itself is `outputs/`.
    if (segments.length === 0) return null;
    const placed = tree.place(segments, "folder");
    if (placed === null) return tooManyFolders;
    // Its owner must be able to unpack into it, whatever its mode was.
    const mode = cleanMode(entry.mode) | 0o700;
    if (placed.isNew) await zip.addFolder({ name: placed.path, date: dateOf(entry), mode });
    return null;
  };

  return {
    taken,
    /** Null where it was taken, else the sentence that says why not. */
    take: async (entry: TarEntry): Promise<string | null> => {
      const split = splitEntryPath(entry.path);
      if (!split.ok) return split.failure;
      if (entry.sparse) return "it is stored as a sparse file, which is not supported";
      if (entry.kind === "other") return unusualTypes[entry.type] ?? "it is of a kind that is not supported";
      if (entry.kind === "folder") return takeFolder(entry, split.value);
      if (split.value.length === 0) return "it claims to be /workspace itself";
      return entry.kind === "file" ? takeFile(entry, split.value) : takeLink(entry, split.value);
    },
  };
}

/** The path in the zip of the file that a hard link names. */
function hardLinkTarget(link: Buffer, regular: ReadonlyMap<string, string>): Result<string, string> {
  const split = splitEntryPath(link);
  const path = split.ok ? regular.get(keyOf(split.value)) : undefined;
  return path === undefined
    ? fail("it is a hard link to something that is not in the archive")
    : succeed(path);
}

function dateOf(entry: TarEntry): Date {
  return new Date(entry.mtime * 1_000);
}

async function addFile(
  zip: ZipWriter,
  place: { readonly name: string; readonly mode: number; readonly date: Date },
  entry: TarEntry,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  if (entry.size <= bufferedBytes) {
    const pieces: Buffer[] = [];
    for await (const piece of entry.content) pieces.push(piece);
    const content = Buffer.concat(pieces);
    await zip.addBuffer(place, content);
    return { bytes: content.length, sha256: hash("sha256", content) };
  }
  const digest = createHash("sha256");
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of entry.content) {
      digest.update(piece);
      bytes += piece.length;
      yield piece;
    }
  };
  await zip.addStream(place, counted());
  return { bytes, sha256: digest.digest("hex") };
}

/** Set-uid, sticky and write bits of others are dropped; a mode that is no number is that of a plain file. */
function cleanMode(mode: number): number {
  return Number.isSafeInteger(mode) && mode >= 0 ? (mode % 0o10000) & 0o755 : 0o644;
}

function keyOf(segments: readonly Buffer[]): string {
  return segments.map((segment) => segment.toString("latin1")).join("/");
}

function relativeTo(from: string, to: string): string {
  const folder = from.split("/").slice(0, -1);
  const target = to.split("/");
  let shared = 0;
  while (shared < folder.length && folder[shared] === target[shared]) shared += 1;
  return [...folder.slice(shared).map(() => ".."), ...target.slice(shared)].join("/");
}
