import { createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Client, LongshoreError } from "@longshore/client";
import { systemError } from "../cli-error.ts";
import { exists, fileExists, putInPlace } from "./put-in-place.ts";

export interface SaveOptions {
  readonly file: string;
  readonly signal: AbortSignal;
  /** Called with the size of each piece that came. */
  readonly onBytes?: (bytes: number) => void;
}

/** Streams a job's archive into a file, which is new. It ends well only where the SHA-256 is the stored one. */
export async function saveArchive(
  client: Client,
  id: string,
  { file, signal, onBytes }: SaveOptions,
): Promise<void> {
  const stream = await client.download(id, { signal });
  const counted = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      onBytes?.(piece.byteLength);
      done(null, piece);
    },
  });
  try {
    await pipeline(Readable.from(stream), counted, createWriteStream(file, { flags: "wx", mode: 0o666 }));
    await flush(file);
  } catch (error) {
    await rm(file, { force: true });
    signal.throwIfAborted();
    if (error instanceof LongshoreError) throw error;
    throw systemError(`${file} cannot be written`, error);
  }
}

/** The same under its final name, which is there whole or not at all. Unless `force`, nothing is overwritten. */
export async function saveArchiveAs(
  client: Client,
  id: string,
  { file, force, ...how }: SaveOptions & { readonly force: boolean },
): Promise<void> {
  // Before anything large is fetched.
  if (!force && (await exists(file))) throw fileExists(file);
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await saveArchive(client, id, { ...how, file: temporary });
    await putInPlace(temporary, file, { force });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** On the disk, and not only on its way there: a full one is told now. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
