import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipArchive, type ZipEntryData } from "archiver";
import { coalesceWrites } from "./coalesce-writes.ts";
import { isWorthCompressing } from "./is-worth-compressing.ts";

/** What a zip keeps of an entry besides its content. `name` must be a safe path: archiver silently changes others. */
export interface ZipEntry {
  readonly name: string;
  readonly mode: number;
  readonly date: Date;
}

/** Writes a zip, entry after entry. Every method rejects once the sink has failed or the signal has aborted. */
export interface ZipWriter {
  /** `content` is not changed afterwards; it may be written later. */
  addBuffer(entry: ZipEntry, content: Buffer): Promise<void>;
  /** Resolves when the content was read to its end, and rejects with what it throws. */
  addStream(entry: ZipEntry, content: AsyncIterable<Buffer>): Promise<void>;
  addFolder(entry: ZipEntry): Promise<void>;
  addLink(entry: ZipEntry, target: string): Promise<void>;
  /** Writes the directory of the zip, ends the sink and resolves when it took everything. */
  finish(): Promise<void>;
  /** Stops in the middle; the sink is destroyed. Resolves when nothing runs any more. */
  destroy(): Promise<void>;
}

type Source = (data: ZipEntryData) => void;

// What may wait in archiver, which takes any number of buffers without a word.
const mostWaitingEntries = 64;
const mostWaitingBytes = 2 * 1_048_576;
const pieceBytes = 65_536;
const localHeaderBytes = 30;

/** The same entries give the same bytes: fixed level, UTC, and content fed in pieces of one size, as deflate may depend on them. */
export function createZipWriter(sink: Writable, signal: AbortSignal): ZipWriter {
  const zip = new ZipArchive({ zlib: { level: 1 } });
  coalesceWrites(zip);
  const queue = createEntryQueue(zip, sink, signal);

  return {
    addBuffer: (entry, content) =>
      queue.add(entry, { store: !isWorthCompressing(content) }, content.length, (data) =>
        zip.append(content, data),
      ),
    addStream: async (entry, content) => {
      let sourceFailure: Failure = null;
      const pieces = inPieces(content, (error) => (sourceFailure = { error }));
      const { done, value: first } = await pieces.next();
      const start = done === true ? Buffer.alloc(0) : first;
      const whole = chain(start, pieces);
      const source = Readable.from(whole, { objectMode: false, highWaterMark: pieceBytes });
      try {
        await queue.add(entry, { store: !isWorthCompressing(start) }, 0, (data) => zip.append(source, data));
        await queue.idle();
      } finally {
        source.destroy();
      }
      throwIfFailed(sourceFailure);
    },
    addFolder: (entry) =>
      queue.add(entry, { type: "directory" }, 0, (data) => zip.append(Buffer.alloc(0), data)),
    addLink: (entry, target) =>
      // Not zip.symlink(), which cannot be given a date and takes the present.
      queue.add(entry, { type: "symlink" }, 0, (data) => {
        const link: ZipEntryData & { linkname: string } = { ...data, linkname: target };
        zip.append(Buffer.alloc(0), link);
      }),
    finish: async () => {
      // finalize() settles when archiver is done, or never if the sink fails: the flow tells both.
      zip.finalize().catch(() => undefined);
      throwIfFailed(await queue.ended);
    },
    destroy: async () => {
      zip.destroy(new Error("the zip was given up"));
      await queue.ended;
    },
  };
}

type Failure = { readonly error: unknown } | null;

/** What waits in archiver, bounded. Its waits reject once the sink has failed or the signal has aborted. */
function createEntryQueue(zip: ZipArchive, sink: Writable, signal: AbortSignal) {
  let waitingEntries = 0;
  let writtenBytes = 0;
  let failure: Failure = null;
  let wake: () => void = () => undefined;

  // The pipeline owns every error of both ends. Each wait below looks at `failure` after each wake.
  const ended: Promise<Failure> = pipeline(zip, sink, { signal }).then(
    () => null,
    (error: unknown) => {
      failure = { error };
      wake();
      return failure;
    },
  );
  zip.on("entry", () => {
    waitingEntries -= 1;
    wake();
  });
  zip.on("data", () => wake());

  const until = async (reached: () => boolean): Promise<void> => {
    for (;;) {
      throwIfFailed(failure);
      if (reached()) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return {
    ended,
    idle: () => until(() => waitingEntries === 0),
    /** `content` is the number of bytes that wait, 0 where they are pulled. */
    add: async (entry: ZipEntry, data: Partial<ZipEntryData>, content: number, append: Source) => {
      // At least so much has been written: never more than the truth, or the wait below would not end.
      writtenBytes = Math.max(writtenBytes, zip.pointer());
      await until(
        () => waitingEntries < mostWaitingEntries && writtenBytes - zip.pointer() < mostWaitingBytes,
      );
      waitingEntries += 1;
      writtenBytes += localHeaderBytes + Buffer.byteLength(entry.name) + (data.store === true ? content : 0);
      append({ ...data, name: entry.name, mode: entry.mode, date: clamped(entry.date) });
    },
  };
}

/** Never throws: an error in a source of archiver's would end the process, or the zip would wait for ever. */
async function* inPieces(
  content: AsyncIterable<Buffer>,
  onError: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  try {
    for await (const chunk of content) {
      for (let at = 0; at < chunk.length;) {
        const copied = chunk.copy(piece, filled, at);
        at += copied;
        filled += copied;
        if (filled < pieceBytes) continue;
        yield piece;
        piece = Buffer.allocUnsafe(pieceBytes);
        filled = 0;
      }
    }
  } catch (error) {
    onError(error);
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

async function* chain(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}

function throwIfFailed(failure: Failure): void {
  if (failure !== null) throw failure.error;
}

const firstDate = Date.UTC(1980, 0, 1);
const lastDate = Date.UTC(2107, 11, 31, 23, 59, 58);

/** Zip knows 1980 to 2107; archiver writes what is after 2043 as the end of 2043. */
function clamped(date: Date): Date {
  const time = date.getTime();
  return new Date(Number.isNaN(time) ? firstDate : Math.min(Math.max(time, firstDate), lastDate));
}
