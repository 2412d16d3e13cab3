import type { BlobStore } from "@longshore/shared/blob/blob-store";
import type { Archive } from "@longshore/shared/domain/job";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { RandomAccessReader } from "yauzl";
import { readStored } from "../use-cases/open-archive.ts";

/** The store has the archive no more: its retention ended while it was looked at. */
export class ArchiveGone extends Error {
  override readonly name = "ArchiveGone";
}

/** What is read ahead, in bytes: a zip's directory is read in pieces of some 50 bytes, one after the other. */
const windowBytes = 262_144;

/** Gives yauzl the bytes of a stored archive, as it asks for them. Holds one window of them at most. */
export class BlobReader extends RandomAccessReader {
  readonly #store: Pick<BlobStore, "open">;
  readonly #archive: Archive;
  #window: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  constructor(store: Pick<BlobStore, "open">, archive: Archive) {
    super();
    this.#store = store;
    this.#archive = archive;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#read(start, end), { objectMode: false });
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#ahead(position, length).then(
      (bytes) => {
        bytes.copy(target, offset, 0, length);
        callback(null);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }

  async #ahead(position: number, length: number): Promise<Buffer> {
    const { start, bytes } = this.#window;
    if (position >= start && position + length <= start + bytes.length)
      return bytes.subarray(position - start, position - start + length);
    const end = Math.min(position + Math.max(length, windowBytes), this.#archive.bytes);
    const read = await buffer(this.#read(position, end));
    if (read.length < length) throw new Error(`archive ${this.#archive.key} ends early`);
    this.#window = { start: position, bytes: read };
    return read;
  }

  /** `end` is exclusive. */
  async *#read(start: number, end: number): AsyncGenerator<Buffer> {
    const stream = await readStored(this.#store, this.#archive, { start, end: end - 1 });
    if (stream === "expired") throw new ArchiveGone(`archive ${this.#archive.key} is gone`);
    yield* stream;
  }
}
