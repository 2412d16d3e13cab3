import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { ArchiveEntry as ListedEntry } from "@longshore/shared/contracts/file-page";
import type { Archive } from "@longshore/shared/domain/job";
import { Readable } from "node:stream";
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from "yauzl";
import { toBody } from "../http/to-body.ts";
import { ArchiveGone, BlobReader } from "./blob-reader.ts";
import { checkedBytes } from "./checked-bytes.ts";
import { createDirectoryPlaces, type DirectoryPlace } from "./directory-places.ts";
import { entryKind } from "./entry-kind.ts";

/** An entry of an archive, as its own directory tells of it; `bytes` of a link are those of its target's name. */
type ArchiveEntry = Readonly<Omit<ListedEntry, "media_type">>;

export interface EntryPage {
  readonly entries: readonly ArchiveEntry[];
  /** Entries of the whole archive. */
  readonly total: number;
}

export interface ArchiveFile extends ArchiveEntry {
  /** Of the file's bytes. */
  readonly crc32: number;
  /** The bytes, to be read to their end or cancelled. Errors where they are not those that were stored. */
  open(): Promise<ReadableStream<Uint8Array> | "expired">;
}

/** Reads single files out of stored archives. `expired` where retention has removed the archive meanwhile. */
export interface ArchiveFiles {
  /** Entries after the first `after`, in the order of the archive, `limit` at most. */
  list(
    archive: Archive,
    page: { readonly after: number; readonly limit: number },
  ): Promise<EntryPage | "expired">;
  /** Null where the archive has no file of this path. */
  find(archive: Archive, path: string): Promise<ArchiveFile | null | "expired">;
}

/** Over a blob store. Nothing is held open between two calls; where a page has ended is remembered. Throws where the store fails, or the zip cannot be read. */
export function createArchiveFiles(store: Pick<BlobStore, "open">): ArchiveFiles {
  const open = (archive: Archive) =>
    fromRandomAccessReaderPromise(new BlobReader(store, archive), archive.bytes, { autoClose: false });
  const places = createDirectoryPlaces();
  return {
    list: (archive, { after, limit }) =>
      unlessGone(async () => {
        const zip = await open(archive);
        const known = places.before(archive.key, after);
        if (known !== null) goTo(zip, known);
        const entries: ArchiveEntry[] = [];
        if (zip.entriesRead < zip.entryCount)
          for await (const entry of zip.eachEntry()) {
            if (zip.entriesRead > after) entries.push(toEntry(entry));
            if (entries.length < limit) continue;
            places.note(archive.key, placeOf(zip));
            break;
          }
        return { entries, total: zip.entryCount };
      }),
    find: (archive, path) =>
      unlessGone(async () => {
        const zip = await open(archive);
        for await (const entry of zip.eachEntry())
          if (entry.fileName === path) return entryKind(entry) === "file" ? toFile(zip, entry) : null;
        return null;
      }),
  };
}

/** yauzl's own places, of which its types have one wrong (3.4.0, `ZipFile.prototype._readEntry`). */
interface Cursor {
  entriesRead: number;
  readEntryCursor: number;
}

// safety: as yauzl's code has it, both are numbers.
const cursorOf = (zip: ZipFile) => zip as unknown as Cursor;

function placeOf(zip: ZipFile): DirectoryPlace {
  const { entriesRead: entries, readEntryCursor: offset } = cursorOf(zip);
  return { entries, offset };
}

function goTo(zip: ZipFile, { entries, offset }: DirectoryPlace): void {
  Object.assign(cursorOf(zip), { entriesRead: entries, readEntryCursor: offset } satisfies Cursor);
}

async function unlessGone<Value>(read: () => Promise<Value>): Promise<Value | "expired"> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArchiveGone) return "expired";
    throw error;
  }
}

const toEntry = (entry: Entry): ArchiveEntry => ({
  path: entry.fileName,
  kind: entryKind(entry),
  bytes: entry.uncompressedSize,
});

function toFile(zip: ZipFile, entry: Entry): ArchiveFile {
  return {
    ...toEntry(entry),
    crc32: entry.crc32,
    open: () =>
      unlessGone(async () => {
        const unpacked = await zip.openReadStreamPromise(entry);
        return toBody(Readable.from(checkedBytes(unpacked, entry.crc32), { objectMode: false }));
      }),
  };
}
