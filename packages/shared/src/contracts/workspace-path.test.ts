import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { workspacePathFault } from "./workspace-path.ts";

test.each([
  "a",
  "a/b.txt",
  ".hidden",
  "...",
  "..a",
  "a..",
  "ä/\u{1f600}",
  "with space",
  "a\\b",
  "-rf",
  "C:",
  "\n",
])("%j names a file", (path) => {
  expect(workspacePathFault(path)).toBeNull();
});

test.each([
  ["", "empty"],
  ["/etc/passwd", "relative"],
  ["/", "relative"],
  ["a/", "trailing"],
  ["..", ".."],
  ["../a", ".."],
  ["a/../b", ".."],
  ["a/..", ".."],
  [".", "segments"],
  ["./a", "segments"],
  ["a//b", "segments"],
  ["a\0b", "NUL"],
  ["\ud800", "surrogates"],
])("%j names none: %s", (path, reason) => {
  expect(workspacePathFault(path)).toContain(reason);
});

test("a segment has at most 255 bytes, a path 4,096", () => {
  expect(workspacePathFault("ä".repeat(127) + "a")).toBeNull();
  expect(workspacePathFault("ä".repeat(128))).toContain("255 bytes");
  const segments = `${"a".repeat(255)}/`.repeat(15);
  expect(workspacePathFault(segments + `${"b".repeat(253)}/cc`)).toBeNull();
  expect(workspacePathFault(segments + `${"b".repeat(254)}/cc`)).toContain("4096 bytes");
});

test("whatever is accepted stays below the folder that it is joined to", () => {
  const piece = fc.oneof(fc.constantFrom("..", ".", "", "/", "a", "\\", "\0", "~", "%2e%2e"), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.constantFrom("/", ""), (pieces, glue) => {
      const path = pieces.join(glue);
      if (workspacePathFault(path) !== null) return;
      expect(posix.join("/workspace", path)).toBe(`/workspace/${path}`);
    }),
    { numRuns: 2_000 },
  );
});
