import { parseJson } from "./parse-json.ts";

/** What was in the workspace and is not, or not whole, in the archive. */
export interface NotTaken {
  /** As the job had it in its workspace, as far as that can be told. */
  readonly path: string;
  readonly reason: string;
}

/** What an archive's manifest.json names as not taken; null where the text is no manifest. What a job left is not believed. */
export function readNotTaken(text: string): readonly NotTaken[] | null {
  const manifest = parseJson(text);
  if (typeof manifest !== "object" || manifest === null || !("not_taken" in manifest)) return null;
  const { not_taken: left } = manifest;
  if (!Array.isArray(left)) return null;
  const entries: readonly unknown[] = left;
  return entries.flatMap((entry) => {
    if (typeof entry !== "object" || entry === null || !("path" in entry) || !("reason" in entry)) return [];
    const { path, reason } = entry;
    if (typeof path !== "string" || typeof reason !== "string") return [];
    return [{ path: path.replace(/^outputs\//, ""), reason }];
  });
}
