import { mkdir, open, opendir, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fail, type Result, succeed } from "../domain/result.ts";
import {
  type BlobFailure,
  blobKeyForm,
  type BlobRange,
  type BlobRecord,
  type BlobStore,
  type PickAbandoned,
} from "./blob-store.ts";
import { createFileWriter } from "./create-file-writer.ts";
import { keyOfTemporary, temporaryName } from "./temporary-files.ts";
import { blobFailure, toBlobFailure } from "./to-blob-failure.ts";

/** A BlobStore that keeps each blob as a file of `folder`, which it makes (readable by its owner alone) when it first writes. */
export function createFileBlobStore({ folder }: { readonly folder: string }): BlobStore {
  const pathOf = (key: string): string => {
    if (!blobKeyForm.test(key)) throw new TypeError(`not a blob key: ${JSON.stringify(key)}`);
    return join(folder, key);
  };
  const recordOf = async (key: string): Promise<BlobRecord> => {
    const { size, mtime } = await stat(pathOf(key));
    return { key, bytes: size, modifiedAt: mtime };
  };

  return {
    create: async (key) => {
      const final = pathOf(key);
      return attempt(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return createFileWriter(join(folder, temporaryName(key)), final);
      });
    },
    open: async (key, range) => {
      const path = pathOf(key);
      const opened = await attempt(() => openPart(path, range));
      if (!opened.ok) return opened;
      return opened.value === null ? fail(blobFailure("bad_range")) : succeed(opened.value);
    },
    stat: async (key) => {
      pathOf(key);
      return attempt(() => recordOf(key));
    },
    remove: async (key) => {
      const path = pathOf(key);
      const removed = await attempt(() => unlink(path));
      if (removed.ok) return succeed(true);
      return removed.failure.code === "not_found" ? succeed(false) : removed;
    },
    list: async function* () {
      for (const name of await namesIn(folder)) {
        if (!blobKeyForm.test(name)) continue;
        const record = await unlessGone(() => recordOf(name));
        if (record !== null) yield record;
      }
    },
    keys: async function* () {
      for (const name of await namesIn(folder)) if (blobKeyForm.test(name)) yield name;
    },
    removeTemporaries: (pickAbandoned) => removeTemporaries(folder, pickAbandoned),
  };
}

async function removeTemporaries(folder: string, pickAbandoned: PickAbandoned): Promise<number> {
  const found: (BlobRecord & { readonly path: string })[] = [];
  for (const name of await namesIn(folder)) {
    const key = keyOfTemporary(name);
    if (key === null) continue;
    const path = join(folder, name);
    const seen = await unlessGone(() => stat(path));
    if (seen !== null) found.push({ key, path, bytes: seen.size, modifiedAt: seen.mtime });
  }
  if (found.length === 0) return 0;
  const abandoned = new Set(await pickAbandoned(found));
  const removed = found.filter(({ key }) => abandoned.has(key));
  for (const { path } of removed) await rm(path, { force: true });
  return removed.length;
}

/** Null where `start` is past the last byte. */
async function openPart(
  path: string,
  { start, end }: BlobRange = { start: 0 },
): Promise<{ readonly size: number; readonly stream: Readable } | null> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size === 0 && start === 0) {
      await file.close();
      return { size, stream: Readable.from([]) };
    }
    if (start < 0 || start >= size || (end !== undefined && end < start)) {
      await file.close();
      return null;
    }
    const stream = file.createReadStream({
      start,
      end: Math.min(end ?? size - 1, size - 1),
      highWaterMark: 262_144,
    });
    return { size, stream };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const opened = await unlessGone(() => opendir(folder));
  if (opened === null) return [];
  const names: string[] = [];
  for await (const entry of opened) names.push(entry.name);
  return names;
}

/** Null where the file or folder is not, or no longer, there: other sweeps run at the same time. */
async function unlessGone<Value>(read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    if (toBlobFailure(error).code === "not_found") return null;
    throw error;
  }
}

async function attempt<Value>(act: () => Promise<Value>): Promise<Result<Value, BlobFailure>> {
  try {
    return succeed(await act());
  } catch (error) {
    return fail(toBlobFailure(error));
  }
}
