import { text } from "node:stream/consumers";
import { ArchiveError } from "@longshore/client";
import type { Entry, ZipFile } from "yauzl";

export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const largestManifestBytes = 256 * 1024 * 1024;

/** The files that manifest.json of an archive tells of, by their path in the zip. */
export async function readManifest(
  zip: ZipFile,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, ManifestFile>> {
  const entry = entries.find(({ fileName }) => fileName === "manifest.json");
  if (entry === undefined || entry.uncompressedSize > largestManifestBytes)
    throw new ArchiveError("the archive has no manifest that could be read");
  const manifest: unknown = JSON.parse(await text(await zip.openReadStreamPromise(entry)));
  if (
    typeof manifest !== "object" ||
    manifest === null ||
    !("files" in manifest) ||
    !Array.isArray(manifest.files)
  )
    throw new ArchiveError("the archive's manifest is not one of Longshore's");
  return new Map(manifest.files.filter(isManifestFile).map((file) => [file.path, file]));
}

function isManifestFile(value: unknown): value is ManifestFile {
  return (
    typeof value === "object" &&
    value !== null &&
    "path" in value &&
    typeof value.path === "string" &&
    "bytes" in value &&
    typeof value.bytes === "number" &&
    "sha256" in value &&
    typeof value.sha256 === "string"
  );
}
