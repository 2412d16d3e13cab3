import type { ArchiveEntry } from "@longshore/client";
import { describe, expect, test } from "vitest";
import { type FileNode, toFileTree } from "./file-tree.ts";
import { visibleName } from "./visible-name.ts";

const file = (path: string, bytes = 1): ArchiveEntry => ({ path, kind: "file", bytes, media_type: null });
const told = (nodes: readonly FileNode[]): unknown =>
  nodes.map(({ name, bytes, children }) =>
    children.length === 0 ? [name, bytes] : [name, bytes, told(children)],
  );

describe("the entries of an archive as a tree", () => {
  test("have folders first, numbers in the order of their value, and folders the size of all that is in them", () => {
    expect(
      told(
        toFileTree([
          file("b.txt"),
          file("a10.txt"),
          file("a9.txt"),
          file("z/y/x.txt", 5),
          file("z/w.txt", 2),
        ]),
      ),
    ).toEqual([
      [
        "z",
        7,
        [
          ["y", 5, [["x.txt", 5]]],
          ["w.txt", 2],
        ],
      ],
      ["a9.txt", 1],
      ["a10.txt", 1],
      ["b.txt", 1],
    ]);
  });

  test("keep folders that are empty, and links", () => {
    const entries: readonly ArchiveEntry[] = [
      { path: "empty/", kind: "folder", bytes: 0, media_type: null },
      { path: "link", kind: "link", bytes: 6, media_type: null },
    ];
    expect(toFileTree(entries).map(({ path, kind }) => [path, kind])).toEqual([
      ["empty", "folder"],
      ["link", "link"],
    ]);
  });

  test("may have names of what every object has", () => {
    expect(told(toFileTree([file("__proto__/constructor")]))).toEqual([
      ["__proto__", 1, [["constructor", 1]]],
    ]);
  });
});

test.each([
  ["plain ü 漢字.txt", "plain ü 漢字.txt"],
  ["photo\u202egnp.exe", "photo\u27e8U+202E\u27e9gnp.exe"],
  ["a\nb\u0000", "a\u27e8U+000A\u27e9b\u27e8U+0000\u27e9"],
  ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
])("the name %j is shown as %j", (name, shown) => {
  expect(visibleName(name)).toBe(shown);
});
