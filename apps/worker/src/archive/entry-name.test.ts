import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeSegment, encodeSegment, fitSegment, showPath, splitEntryPath } from "./entry-name.ts";
import { createEntryTree } from "./entry-tree.ts";

const interesting = fc.constantFrom(
  ..."con nul.txt COM1 lpt¹ a. b.. .c ~1 x~2.txt %41 %~ a\\b c:d ? * \x1b[31m \u202eexe \u200b é e\u0301 ſ İ ß 👩‍👧 ❤\ufe0f ~ - \ufeff \ud7a3".split(
    " ",
  ),
);
const segment = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 255 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: "binary", minLength: 1, maxLength: 60 }).map((text) => Buffer.from(text)),
    fc.array(interesting, { minLength: 1, maxLength: 4 }).map((parts) => Buffer.from(parts.join(""))),
  )
  .map((bytes) =>
    Buffer.from(bytes.map((byte) => (byte === 0x2f || byte === 0 ? 0x5f : byte))).subarray(0, 255),
  )
  .filter((bytes) => bytes.length > 0 && !["..", "."].includes(bytes.toString("latin1")));

const windowsDevice = /^(con|prn|aux|nul|com\d|lpt\d|com[¹²³]|lpt[¹²³])\s*(\.|$)/i;

function expectSafe(name: string): void {
  expect(name).not.toBe("");
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
  expect(name.isWellFormed()).toBe(true);
  expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u);
  expect(name).not.toMatch(/[. ]$/);
  expect(name).not.toMatch(windowsDevice);
}

describe("a name in the Archive", () => {
  test("is safe on Windows, macOS and Linux, whatever bytes the Job chose", () => {
    fc.assert(
      fc.property(segment, (raw) => expectSafe(fitSegment(raw))),
      { numRuns: 3_000 },
    );
  });

  test("gives back the Job's bytes when decoded", () => {
    fc.assert(
      fc.property(segment, (raw) => {
        expect(decodeSegment(encodeSegment(raw))).toEqual(Buffer.from(raw));
      }),
      { numRuns: 3_000 },
    );
  });

  test("differs for different bytes, also where file systems ignore case, form and invisible characters", () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 2, maxLength: 12 }), (segments) => {
        const tree = createEntryTree(100);
        const names = segments.map((raw) => tree.place([raw], "other")?.path.slice("outputs/".length) ?? "");
        for (const name of names) expectSafe(name);
        for (const form of ["NFC", "NFD"]) {
          const seen = new Set(names.map((name) => name.normalize(form).toLowerCase()));
          expect(seen.size).toBe(segments.length);
        }
        for (const [at, name] of names.entries()) {
          const decoded = decodeSegment(name);
          if (decoded !== null) expect(decoded).toEqual(Buffer.from(segments[at] ?? ""));
        }
      }),
      { numRuns: 1_500 },
    );
  });

  test.each([
    ["plain-name_1.tar.gz", "plain-name_1.tar.gz"],
    ["grüße 日本.txt", "grüße 日本.txt"],
    ["100%", "100%25"],
    ["a\\b", "a%5Cb"],
    ["C:", "C%3A"],
    ["CON", "%43ON"],
    ["nul.tar.gz", "%6Eul.tar.gz"],
    ["com1 .txt", "%63om1 .txt"],
    ["console", "console"],
    ["dot.", "dot%2E"],
    ["space ", "space%20"],
    ["\x1b[2J", "%1B[2J"],
    ["a\u202egpj.exe", "a%E2%80%AEgpj.exe"],
    ["zero\u200bwidth", "zero%E2%80%8Bwidth"],
    ["progra~1", "progra%7E1"],
    ["backup~", "backup~"],
    ["...", "..%2E"],
  ])("%j is %j", (raw, name) => {
    expect(encodeSegment(Buffer.from(raw))).toBe(name);
  });

  test("writes bytes that are no UTF-8 one by one", () => {
    expect(encodeSegment(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xc3]))).toBe("a%FFé%C3");
    expect(encodeSegment(Buffer.from([0xed, 0xa0, 0x80]))).toBe("%ED%A0%80");
  });

  test("is cut and marked by a digest where its safe form is too long for a file system", () => {
    const [first, second] = [
      Buffer.alloc(200, 0xff),
      Buffer.concat([Buffer.alloc(199, 0xff), Buffer.from("a")]),
    ];
    expect(fitSegment(first)).toMatch(/^(%FF){60}%~[0-9a-f]{32}$/);
    expect(fitSegment(first)).not.toBe(fitSegment(second));
    expect(decodeSegment(fitSegment(first))).toBeNull();
  });
});

describe("names that collide", () => {
  const place = (...paths: readonly (readonly [string, "folder" | "other"])[]) => {
    const tree = createEntryTree(100);
    return paths.map(([path, kind]) => {
      const split = splitEntryPath(Buffer.from(path));
      return split.ok ? tree.place(split.value, kind)?.path.slice("outputs/".length) : split.failure;
    });
  };

  test("keep the first and number the later ones before their extension", () => {
    expect(place(["a.txt", "other"], ["A.TXT", "other"], ["a.txt", "other"])).toEqual([
      "a.txt",
      "A~2.TXT",
      "a~3.txt",
    ]);
    expect(place([".bashrc", "other"], [".BASHRC", "other"])).toEqual([".bashrc", ".BASHRC~2"]);
  });

  test("are found across Unicode forms", () => {
    expect(place(["é", "other"], ["e\u0301", "other"])).toEqual(["é", "e\u0301~2"]);
  });

  test("move a folder with all that is in it", () => {
    expect(place(["src", "folder"], ["SRC", "folder"], ["SRC/x", "other"], ["src/x", "other"])).toEqual([
      "src",
      "SRC~2",
      "SRC~2/x",
      "src/x",
    ]);
    expect(place(["a", "other"], ["a/b", "other"], ["a", "folder"])).toEqual(["a", "a~2/b", "a~2"]);
  });

  test("are numbered in time that does not grow with their square", () => {
    const tree = createEntryTree(100);
    for (let count = 0; count < 20_000; count += 1) tree.place([Buffer.from(count % 2 ? "a" : "A")], "other");
    expect(tree.place([Buffer.from("a")], "other")?.path).toBe("outputs/a~20001");
  });
});

describe("the path of an entry", () => {
  test.each([
    ["", "empty"],
    ["/etc/passwd", "absolute"],
    ["../up", ".."],
    ["a/../b", ".."],
    ["a//b", "empty or ."],
    ["a/./b", "empty or ."],
    ["a\0b", "NUL"],
    ["x".repeat(256), "segment over"],
    ["d/".repeat(101), "folders deep"],
    ["d/".repeat(2_049), "over 4096"],
  ])("%j is refused", (path, reason) => {
    const split = splitEntryPath(Buffer.from(path));
    expect(split).toMatchObject({ ok: false, failure: expect.stringContaining(reason) });
  });

  test("is shown safely whatever it is", () => {
    expect(showPath(Buffer.from("/etc/../\x1b"))).toBe("%2Fetc/.%2E/%1B");
  });
});
