import { text } from "node:stream/consumers";
import { ArchiveError } from "@longshore/client";
import type { Entry, ZipFile } from "yauzl";

export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was in the workspace and is not, or not whole, in the archive. */
export interface NotTaken {
  /** As far as it can be told, as the job had it in its workspace. */
  readonly path: string;
  readonly reason: string;
}

export interface Manifest {
  /** By their path in the zip. */
  readonly files: ReadonlyMap<string, ManifestFile>;
  readonly notTaken: readonly NotTaken[];
}

const largestManifestBytes = 256 * 1024 * 1024;

/** What manifest.json of an archive tells. */
export async function readManifest(zip: ZipFile, entries: readonly Entry[]): Promise<Manifest> {
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
  const left: readonly unknown[] =
    "not_taken" in manifest && Array.isArray(manifest.not_taken) ? manifest.not_taken : [];
  return {
    files: new Map(manifest.files.filter(isManifestFile).map((file) => [file.path, file])),
    notTaken: left
      .filter(isNotTaken)
      .map(({ path, reason }) => ({ path: path.replace(/^outputs\//, ""), reason })),
  };
}

function isNotTaken(value: unknown): value is NotTaken {
  return (
    typeof value === "object" &&
    value !== null &&
    "path" in value &&
    typeof value.path === "string" &&
    "reason" in value &&
    typeof value.reason === "string"
  );
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
