import { posix } from "node:path";
import type { Entry } from "yauzl";

/** An entry of the outputs. `path` is relative to the workspace, in segments none of which leads anywhere else. */
export interface OutputEntry {
  readonly kind: "file" | "folder" | "link";
  readonly path: string;
  readonly segments: readonly string[];
  readonly entry: Entry;
}

const prefix = "outputs/";
/** Of the Unix mode, which is in the upper half of the attributes. */
const [typeBits, linkType] = [0o170000, 0o120000];

/** The entries that are outputs. Names that could lead out are refused by yauzl already; here nothing else is let through. */
export function outputEntries(entries: readonly Entry[]): readonly OutputEntry[] {
  return entries.flatMap((entry): OutputEntry[] => {
    const { fileName, externalFileAttributes } = entry;
    if (!fileName.startsWith(prefix) || fileName === prefix) return [];
    const isLink = ((externalFileAttributes >>> 16) & typeBits) === linkType;
    const path = fileName.slice(prefix.length).replace(/\/$/, "");
    const segments = path.split("/");
    if (!segments.every(isPlainName)) return [];
    return [{ kind: isLink ? "link" : fileName.endsWith("/") ? "folder" : "file", path, segments, entry }];
  });
}

/** Windows takes what is behind a colon for a stream of the file, or what is before it for a drive. */
function isPlainName(segment: string): boolean {
  if (segment === "" || segment === "." || segment === ".." || segment.includes("\0")) return false;
  return process.platform !== "win32" || !/[<>:"|?*\\]/.test(segment);
}

/** Whether a link at this path with this target stays inside, by its letters: every `..` at its front, and not too many. */
export function staysInside(path: string, target: string): boolean {
  if (target === "" || posix.isAbsolute(target) || target.includes("\0") || target.includes("\\"))
    return false;
  const steps = target.split("/");
  const ups = steps.filter((step) => step === "..").length;
  const depth = path.split("/").length - 1;
  return ups <= depth && steps.slice(0, ups).every((step) => step === "..");
}
