import type { ArchiveEntry } from "@longshore/shared/contracts/file-page";
import type { Entry } from "yauzl";

const [typeOfFile, symlink] = [0o170000, 0o120000];

/** What an entry stands for: the upper half of the external attributes is the mode, as Unix has it. */
export function entryKind({ fileName, externalFileAttributes }: Entry): ArchiveEntry["kind"] {
  if (fileName.endsWith("/")) return "folder";
  return ((externalFileAttributes >>> 16) & typeOfFile) === symlink ? "link" : "file";
}
