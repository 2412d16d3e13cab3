import type { BlobStore } from "@longshore/shared/blob/blob-store";
import { Readable } from "node:stream";
import type { OpenArchive } from "./find-archive.ts";

/** Opens archives in a blob store. Throws where the store fails, or holds another length than the Job's row says. */
export function createOpenArchive(store: Pick<BlobStore, "open">): OpenArchive {
  return async (archive, range) => {
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
    // safety: the web stream of node:stream/web and the global one are the same class under two declarations.
    return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
  };
}
