import { z } from "zod";
import { isCleanText } from "./text.ts";

const longestPathBytes = 4_096;
const longestSegmentBytes = 255;

/** Why `path` cannot name a file below /workspace, or null where it can. */
export function workspacePathFault(path: string): string | null {
  if (path === "") return "must not be empty";
  if (!isCleanText(path)) return "must not contain NUL or lone surrogates";
  if (path.startsWith("/")) return "must be relative to /workspace: drop the leading /";
  if (path.endsWith("/")) return "must name a file, not a folder: drop the trailing /";
  const segments = path.split("/");
  if (segments.includes("..")) return "must not contain ..";
  if (segments.includes("") || segments.includes(".")) return "must not contain empty or . segments";
  if (Buffer.byteLength(path) > longestPathBytes)
    return `must have at most ${String(longestPathBytes)} bytes`;
  if (segments.some((segment) => Buffer.byteLength(segment) > longestSegmentBytes)) {
    return `must have segments of at most ${String(longestSegmentBytes)} bytes`;
  }
  return null;
}

/** The path of a file, relative to /workspace. */
export const workspacePath = z
  .string()
  .superRefine((path, context) => {
    const fault = workspacePathFault(path);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  })
  .meta({ description: "Relative to /workspace; no leading /, no ..", examples: ["src/main.py"] });
