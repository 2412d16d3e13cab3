import { type ByteReader, createByteReader } from "./byte-reader.ts";
import { decodePaxRecord, type PaxRecord } from "./pax-records.ts";
import { decodeTarHeader, isZero, tarBlockBytes, type TarHeader } from "./tar-header.ts";
import type { TarLimits } from "./tar-limits.ts";

/** One entry of a tar. Names and links are bytes as they came, and not yet checked for anything. */
export interface TarEntry {
  readonly kind: "file" | "folder" | "symlink" | "hard_link" | "other";
  /** The type flag, for the sentence about a kind that is not taken. */
  readonly type: string;
  readonly sparse: boolean;
  readonly path: Buffer;
  readonly link: Buffer;
  readonly size: number;
  readonly mode: number;
  readonly mtime: number;
  /** The content. It ends early where the tar does. What is not read of it is skipped. Each piece is valid until the next. */
  readonly content: AsyncIterable<Buffer>;
}

/** How the reading ended. `path` is that of the entry at which it stopped, and that was not given. */
export type TarEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "damaged"; readonly message: string; readonly cause?: unknown }
  | { readonly kind: "too_large"; readonly message: string; readonly path: Buffer };

const kinds: Readonly<Record<string, TarEntry["kind"]>> = {
  "0": "file",
  "7": "file",
  "1": "hard_link",
  "2": "symlink",
  "5": "folder",
};
const typesWithoutContent = "123456";
const longestPadding = 1_048_576;
const pieceBytes = 65_536;
// What a header costs in memory besides its records. Not its whole block: tar writes three blocks for each
// plain file, and 100,000 of those are to be taken.
const keptHeaderBytes = 128;

/** Thrown and caught in this file alone: it ends the reading from any depth. */
class TarStop extends Error {
  readonly end: TarEnd;
  constructor(end: TarEnd) {
    super("the tar was not read to its end");
    this.end = end;
  }
}

/**
 * Reads a hostile tar (pax, ustar or GNU) entry by entry, in bounded memory. It never throws for what is in
 * it, nor for a source that breaks off: the entries then end, and `end()` says why. The caller's iteration is
 * the flow control.
 *
 * tar-stream's extract is not used for this: it decodes names as UTF-8, which loses those that are not, takes
 * entries after the end mark, calls a tar that was cut between two entries whole, believes a pax record with a
 * wrong length, and buffers records of 4 MiB.
 */
export function readTar(
  source: AsyncIterable<Uint8Array>,
  limits: TarLimits,
  signal: AbortSignal,
): { readonly entries: AsyncIterable<TarEntry>; end(): TarEnd } {
  let end: TarEnd = { kind: "damaged", message: "the outputs were not read to their end" };
  const reader = createByteReader(source, AbortSignal.any([signal, AbortSignal.timeout(limits.ms)]));
  const entries = async function* (): AsyncGenerator<TarEntry> {
    try {
      yield* readEntries(reader, limits);
      end = { kind: "complete" };
    } catch (error) {
      end = error instanceof TarStop ? error.end : brokenOff(error);
    } finally {
      reader.close();
    }
  };
  return { entries: entries(), end: () => end };
}

async function* readEntries(reader: ByteReader, limits: TarLimits): AsyncGenerator<TarEntry> {
  const headers = createHeaderReader(reader, limits);
  let contentBytes = 0;
  let entries = 0;
  for (let header = await headers.next(); header !== null; header = await headers.next()) {
    contentBytes += header.size;
    entries += 1;
    if (contentBytes > limits.contentBytes)
      throw tooLarge(
        `the outputs are larger than the ${String(limits.contentBytes)} bytes of limits.output_mb`,
        header.path,
      );
    if (entries > limits.entries)
      throw tooLarge(
        `the outputs have more than ${String(limits.entries)} files and folders, the most of any job`,
        header.path,
      );
    const content = createContent(reader, header.size);
    yield { ...header, content: content.pieces };
    const whole = await content.skipRest();
    if (!whole) throw damaged("the outputs end in the middle of a file");
  }
  await expectOnlyPadding(reader);
}

type EntryHeader = Omit<TarEntry, "content">;

function createHeaderReader(reader: ByteReader, limits: TarLimits) {
  let headerBytes = 0;
  const count = (bytes: number, path: Buffer) => {
    headerBytes += bytes;
    if (headerBytes > limits.headerBytes)
      throw tooLarge(
        `the names in the outputs take more than ${String(limits.headerBytes)} bytes, the most of any job`,
        path,
      );
  };
  const readRecord = async (header: TarHeader): Promise<Buffer> => {
    if (header.size > limits.recordBytes) throw damaged("a name or its attributes are too long");
    count(header.size, header.name);
    const record = await reader.readExactly(padded(header.size));
    if (record === null) throw damaged("the outputs end in the middle of a header");
    return record.subarray(0, header.size);
  };

  /** The header of the next entry with all that was said of it before; null at the end mark. */
  const next = async (): Promise<EntryHeader | null> => {
    let pax: PaxRecord | null = null;
    let longName: Buffer | null = null;
    let longLink: Buffer | null = null;
    for (;;) {
      const header = await readHeader(reader);
      if (header === null) return null;
      count(keptHeaderBytes, header.name);
      if (header.type === "x") {
        const record = decodePaxRecord(await readRecord(header));
        if (!record.ok) throw damaged(record.failure);
        pax = record.value;
      } else if (header.type === "g") await readRecord(header);
      else if (header.type === "L" || header.type === "N") longName = untilNul(await readRecord(header));
      else if (header.type === "K") longLink = untilNul(await readRecord(header));
      else {
        if (header.type === "S" && header.moreSparseBlocks) await skipSparseMap(reader, count);
        return toEntry(header, pax, longName, longLink);
      }
    }
  };
  return { next };
}

async function readHeader(reader: ByteReader): Promise<TarHeader | null> {
  const block = await reader.readExactly(tarBlockBytes);
  if (block === null) throw damaged("the outputs end without an end mark");
  const header = decodeTarHeader(block);
  if (!header.ok) throw damaged(header.failure);
  return header.value;
}

function toEntry(
  header: TarHeader,
  pax: PaxRecord | null,
  longName: Buffer | null,
  longLink: Buffer | null,
): EntryHeader {
  const path = pax?.path ?? longName ?? header.name;
  const size = pax?.size ?? header.size;
  if (size > 0 && typesWithoutContent.includes(header.type))
    throw damaged("a link, folder or device claims to have content");
  // Before POSIX a folder was a file whose name ends in a slash.
  const folder = header.type === "0" && path.at(-1) === 0x2f;
  if (folder && size > 0) throw damaged("a folder claims to have content");
  return {
    kind: folder ? "folder" : (kinds[header.type] ?? "other"),
    type: header.type,
    sparse: header.type === "S" || (pax?.sparse ?? false),
    path,
    link: pax?.link ?? longLink ?? header.link,
    size,
    mode: header.mode,
    mtime: pax?.mtime ?? header.mtime,
  };
}

function createContent(reader: ByteReader, size: number) {
  let left = size;
  let whole = true;
  const read = async (): Promise<Buffer | null> => {
    const piece = left === 0 ? null : await reader.readSome(Math.min(left, pieceBytes));
    if (piece === null) {
      whole = left === 0;
      return null;
    }
    left -= piece.length;
    return piece;
  };
  const pieces = async function* () {
    // What breaks off is told by the entry that comes short and by the end of the tar, not by an error in the zip's source.
    for (let piece = await quietly(read); piece !== null; piece = await quietly(read)) yield piece;
  };
  let broken: unknown;
  const quietly = async (act: () => Promise<Buffer | null>): Promise<Buffer | null> => {
    try {
      return await act();
    } catch (error) {
      broken ??= error ?? new Error("unknown");
      return null;
    }
  };
  return {
    pieces: pieces(),
    /** Reads to the start of the next header; false where the tar ends before. */
    skipRest: async (): Promise<boolean> => {
      if (broken !== undefined) throw broken;
      while ((await read()) !== null);
      return whole && (await reader.readExactly(padded(size) - size)) !== null;
    },
  };
}

async function skipSparseMap(
  reader: ByteReader,
  count: (bytes: number, path: Buffer) => void,
): Promise<void> {
  for (let more = true; more;) {
    count(keptHeaderBytes, Buffer.alloc(0));
    const block = await reader.readExactly(tarBlockBytes);
    if (block === null) throw damaged("the outputs end in the middle of a header");
    more = block[504] === 1;
  }
}

/** A tar ends with two blocks of zeros and is then filled up with more of them. */
async function expectOnlyPadding(reader: ByteReader): Promise<void> {
  const second = await reader.readExactly(tarBlockBytes);
  if (second === null) throw damaged("the outputs end without an end mark");
  if (!isZero(second)) throw damaged("something follows the end mark of the outputs");
  let bytes = 0;
  for (
    let piece = await reader.readSome(pieceBytes);
    piece !== null;
    piece = await reader.readSome(pieceBytes)
  ) {
    bytes += piece.length;
    if (!isZero(piece) || bytes > longestPadding)
      throw damaged("something follows the end mark of the outputs");
  }
}

function padded(size: number): number {
  return Math.ceil(size / tarBlockBytes) * tarBlockBytes;
}

function untilNul(record: Buffer): Buffer {
  const end = record.indexOf(0);
  return end === -1 ? record : record.subarray(0, end);
}

function damaged(message: string): TarStop {
  return new TarStop({ kind: "damaged", message });
}

function tooLarge(message: string, path: Buffer): TarStop {
  return new TarStop({ kind: "too_large", message, path });
}

function brokenOff(cause: unknown): TarEnd {
  const timedOut = cause instanceof DOMException && cause.name === "TimeoutError";
  return {
    kind: "damaged",
    message: timedOut ? "the outputs took too long" : "the outputs broke off",
    cause,
  };
}
