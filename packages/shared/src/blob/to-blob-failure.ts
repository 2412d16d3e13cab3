import type { BlobFailure } from "./blob-store.ts";

const codes: Readonly<Record<string, BlobFailure["code"]>> = {
  ENOENT: "not_found",
  ENOSPC: "no_space",
  EDQUOT: "no_space",
  EFBIG: "no_space",
  EACCES: "not_permitted",
  EPERM: "not_permitted",
  EROFS: "not_permitted",
};

const sentences: Readonly<Record<BlobFailure["code"], string>> = {
  not_found: "there is no such archive",
  bad_range: "the range begins after the archive's last byte",
  no_space: "there is no room left where archives are written",
  not_permitted: "archives may not be written or read where they are kept",
  storage_failed: "the archive store failed",
};

/** A failure of this code, with its sentence and, where there is one, the system's own name of the error. */
export function blobFailure(code: BlobFailure["code"], systemCode?: string): BlobFailure {
  return {
    code,
    message: systemCode === undefined ? sentences[code] : `${sentences[code]} (${systemCode})`,
  };
}

/** What an error of the file system means. The error's own text holds paths, so only its code is kept. */
export function toBlobFailure(error: unknown): BlobFailure {
  const systemCode = systemCodeOf(error);
  return blobFailure(codes[systemCode ?? ""] ?? "storage_failed", systemCode);
}

function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
