import type { BlobRange, BlobStore } from "@longshore/shared/blob/blob-store";
import type { Archive } from "@longshore/shared/domain/job";
import type { Readable } from "node:stream";
import { toBody } from "../http/to-body.ts";
import type { OpenArchive } from "./find-archive.ts";

/** Opens archives in a blob store. Throws as {@link readStored} does. */
export function createOpenArchive(store: Pick<BlobStore, "open">): OpenArchive {
  return async (archive, range) => {
    const stream = await readStored(store, archive, range);
    return stream === "expired" ? stream : toBody(stream);
  };
}

/**
 * The bytes of an archive, or of a part of it; `expired` where the store has it no more. Throws where the store fails, or
 * holds another length than the Job's row says.
 */
export async function readStored(
  store: Pick<BlobStore, "open">,
  archive: Archive,
  range: BlobRange,
): Promise<Readable | "expired"> {
  const opened = await store.open(archive.key, range);
  if (!opened.ok) {
    // Its Job is read as unexpired a moment before: the sweep was faster.
    if (opened.failure.code === "not_found") return "expired";
    throw new Error(`archive ${archive.key}: ${opened.failure.message}`);
  }
  const { size, stream } = opened.value;
  if (size !== archive.bytes) {
    stream.destroy();
    throw new Error(
      `archive ${archive.key} has ${String(size)} bytes where its row says ${String(archive.bytes)}`,
    );
  }
  return stream;
}
