import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { fail, succeed } from "../domain/result.ts";
import type { BlobWriter } from "./blob-store.ts";
import { toBlobFailure } from "./to-blob-failure.ts";

const bufferedBytes = 1_048_576;

/**
 * Writes a file under `temporary`, hashing what it writes, and moves it to `final` on commit, file and folder
 * synced: after a crash there is the whole file under its final name or none.
 */
export async function createFileWriter(temporary: string, final: string): Promise<BlobWriter> {
  const file = await open(temporary, "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  let ended: "committed" | "aborted" | null = null;

  const take = async (chunk: Uint8Array): Promise<void> => {
    await writeWhole(file, chunk);
    hash.update(chunk);
    bytes += chunk.byteLength;
  };
  const sink = new Writable({
    highWaterMark: bufferedBytes,
    write(chunk: Buffer, _encoding, done) {
      take(chunk).then(() => done(), done);
    },
    // A zip is written in pieces of a few bytes; together they are one write.
    writev(pieces: { chunk: Buffer }[], done) {
      take(Buffer.concat(pieces.map(({ chunk }) => chunk))).then(() => done(), done);
    },
  });
  // Without a listener an error between two uses of the sink would end the process; commit reports it.
  sink.on("error", () => undefined);

  const abort = async (): Promise<void> => {
    if (ended !== null) return;
    ended = "aborted";
    sink.destroy();
    try {
      await file.close();
    } finally {
      await rm(temporary, { force: true });
    }
  };

  return {
    sink,
    commit: async () => {
      try {
        sink.end();
        await finished(sink);
        await file.sync();
        // Some file systems say only here that there was no room.
        await file.close();
        await rename(temporary, final);
        await syncFolder(dirname(final));
        ended = "committed";
        return succeed({ bytes, sha256: hash.digest("hex") });
      } catch (error) {
        // What went wrong first is the reason.
        await abort().catch(() => undefined);
        return fail(toBlobFailure(error));
      }
    },
    abort,
  };
}

async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < chunk.byteLength) {
    // A disk that fills up may take a part first and say ENOSPC to the rest.
    const { bytesWritten } = await file.write(chunk, offset, chunk.byteLength - offset);
    offset += bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
