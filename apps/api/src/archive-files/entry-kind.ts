import type { Entry } from "yauzl";

export const entryKinds = ["file", "folder", "link"] as const;

export type EntryKind = (typeof entryKinds)[number];

const [typeOfFile, symlink] = [0o170000, 0o120000];

/** What an entry stands for: the upper half of the external attributes is the mode, as Unix has it. */
export function entryKind({ fileName, externalFileAttributes }: Entry): EntryKind {
  if (fileName.endsWith("/")) return "folder";
  return ((externalFileAttributes >>> 16) & typeOfFile) === symlink ? "link" : "file";
}
