import type { Readable, Writable } from "node:stream";
import type { Result } from "../domain/result.ts";

/** Keys are made by the service, never by a Job: lower-case letters, digits and hyphens, then `.zip`. */
export const blobKeyForm = /^[a-z0-9][a-z0-9-]{0,199}\.zip$/;

/** Why the store could not do it. `message` is for the log and for operators; it names no path. */
export interface BlobFailure {
  readonly code: "not_found" | "bad_range" | "no_space" | "not_permitted" | "storage_failed";
  readonly message: string;
}

/** What a finished blob is: its length in bytes and the SHA-256 of them, in hexadecimal. */
export interface StoredBlob {
  readonly bytes: number;
  readonly sha256: string;
}

/** First and last byte wanted, both inclusive and counted from 0; without `end` up to the last one. */
export interface BlobRange {
  readonly start: number;
  readonly end?: number;
}

/** A blob being written. Nobody sees it under its key before `commit`. Its owner ends with `commit` or `abort`. */
export interface BlobWriter {
  /** Takes the bytes, with back-pressure. A full or broken store is its `error`, which `commit` reports too. */
  readonly sink: Writable;
  /** Ends the sink where its owner has not, and makes the blob durable under its key, replacing an older one. */
  commit(): Promise<Result<StoredBlob, BlobFailure>>;
  /** Forgets what was written. Idempotent; nothing happens after a commit that went well. */
  abort(): Promise<void>;
}

/** A blob as a sweep sees it. */
export interface BlobRecord {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

export type PickAbandoned = (found: readonly BlobRecord[]) => Promise<readonly string[]>;

/**
 * Where the bytes of Archives are. Files now; whatever passes `blob-store.testsuite.ts` is another. Two
 * writers of one key do not disturb each other, and the last commit wins: a caller who can be overtaken
 * takes a key of its own for each try. A key that does not have the form of `blobKeyForm` throws: it is a bug.
 */
export interface BlobStore {
  create(key: string): Promise<Result<BlobWriter, BlobFailure>>;
  /**
   * Opens a blob, or a part of it: `size` is that of the whole, `stream` gives the part asked for, `end`
   * past the last byte being the last byte. `bad_range` where `start` is past it. The stream goes on to its
   * end even when the blob is removed meanwhile; its owner reads it to the end or destroys it.
   */
  open(
    key: string,
    range?: BlobRange,
  ): Promise<Result<{ readonly size: number; readonly stream: Readable }, BlobFailure>>;
  /** What is known of a blob without opening it. */
  stat(key: string): Promise<Result<BlobRecord, BlobFailure>>;
  /** True where there was one. */
  remove(key: string): Promise<Result<boolean, BlobFailure>>;
  /** Every finished blob, in no order. A store that cannot be read throws. */
  list(): AsyncIterable<BlobRecord>;
  /** The key of every finished blob, in no order: far cheaper than `list`, as no blob is looked at. */
  keys(): AsyncIterable<string>;
  /**
   * Removes what writers that crashed have left. `pickAbandoned` is given what is being written, under the key that it
   * is to have, and picks the keys that nobody writes any more. Gives how many were removed.
   */
  removeTemporaries(pickAbandoned: PickAbandoned): Promise<number>;
}
