import type { BlobStore } from "@longshore/shared/blob/blob-store";

/** Stores these bytes as an archive, as a worker does. */
export async function storeArchive(
  archives: Pick<BlobStore, "create">,
  key: string,
  bytes: Buffer,
): Promise<void> {
  const writer = await archives.create(key);
  if (!writer.ok) throw new Error(writer.failure.message);
  writer.value.sink.write(bytes);
  const stored = await writer.value.commit();
  if (!stored.ok) throw new Error(stored.failure.message);
}
