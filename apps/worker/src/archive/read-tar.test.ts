import { pack, extract } from "tar-stream";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readTar } from "./read-tar.ts";
import { inChunks, octal, paxEntry, paxLine, tarEndMark, tarEntry, tarHeader } from "./tar-fixture.ts";
import { fixedTarLimits, type TarLimits } from "./tar-limits.ts";

const limits: TarLimits = { ...fixedTarLimits, contentBytes: 1_000_000, ms: 10_000 };
const never = new AbortController().signal;

async function read(bytes: Buffer, chunk = 4_096, own: Partial<TarLimits> = {}) {
  const tar = readTar(inChunks(bytes, chunk), { ...limits, ...own }, never);
  const entries: { path: string; kind: string; content: string }[] = [];
  for await (const entry of tar.entries) {
    const pieces: Buffer[] = [];
    for await (const piece of entry.content) pieces.push(Buffer.from(piece));
    entries.push({
      path: entry.path.toString("latin1"),
      kind: entry.kind,
      content: Buffer.concat(pieces).toString("latin1"),
    });
  }
  return { entries, end: tar.end() };
}

const before = tarEntry({ name: "before" }, "came before");
const after = tarEntry({ name: "after" }, "comes after");

describe("a tar that is damaged", () => {
  test.each<[string, Buffer, RegExp]>([
    ["a wrong checksum", tarHeader({ checksum: "0000001\0" }), /checksum/],
    ["a checksum that is no number", tarHeader({ checksum: "zzzzzzz\0" }), /checksum/],
    ["an unknown format", tarHeader({ magic: "tartar\0\0" }), /format/],
    ["random bytes", Buffer.alloc(512, 0x5a), /checksum/],
    ["a negative size", tarHeader({ size: Buffer.alloc(12, 0xff) }), /size/],
    [
      "an overflowing size",
      tarHeader({ size: Buffer.concat([Buffer.from([0x80]), Buffer.alloc(11, 0xff)]) }),
      /size/,
    ],
    ["a size that is no number", tarHeader({ size: "12x45678901\0" }), /size/],
    ["a size of -1 in octal", tarHeader({ size: "-0000000001\0" }), /size/],
    ["a folder with content", tarEntry({ type: "5", name: "d" }, "content"), /content/],
    ["a symlink with content", tarEntry({ type: "2", name: "l", link: "x" }, "content"), /content/],
    ["a hard link with content", tarEntry({ type: "1", name: "l", link: "x" }, "content"), /content/],
    ["an old folder with content", tarEntry({ name: "d/" }, "content"), /content/],
    ["a pax length of 0", tarEntry({ type: "x" }, "0 path=a\n"), /length/],
    ["a negative pax length", tarEntry({ type: "x" }, "-12 path=ab\n"), /length/],
    ["a pax length beyond the record", tarEntry({ type: "x" }, "900 path=a\n"), /length/],
    ["a pax length short of the line", tarEntry({ type: "x" }, "6 path=a\n"), /length/],
    ["a pax record without a key", tarEntry({ type: "x" }, "5 ab\n"), /length/],
    ["a pax length without an end", tarEntry({ type: "x" }, "9".repeat(400)), /length/],
    ["a negative pax size", paxEntry({ size: "-5" }), /size/],
    ["a pax size beyond all numbers", paxEntry({ size: "9".repeat(30) }), /size/],
    ["a pax size that is no number", paxEntry({ size: "1e3" }), /size/],
    ["a pax record over 64 KiB", tarEntry({ type: "x" }, paxLine("comment", "x".repeat(70_000))), /too long/],
    ["a long name over 64 KiB", tarEntry({ type: "L" }, "x".repeat(70_000)), /too long/],
    ["a record of a terabyte", tarHeader({ type: "L", size: octal(8 ** 10) }), /too long/],
  ])("with %s ends there, and what came is kept", async (_, piece, reason) => {
    for (const chunk of [1, 511, 100_000]) {
      const { entries, end } = await read(Buffer.concat([before, piece, after, tarEndMark]), chunk);
      expect(entries).toEqual([{ path: "before", kind: "file", content: "came before" }]);
      expect(end).toMatchObject({ kind: "damaged", message: expect.stringMatching(reason) });
    }
  });

  test("by being cut anywhere before its end mark is never called complete", async () => {
    const whole = Buffer.concat([before, paxEntry({ path: "long" }, {}, "x".repeat(700)), after, tarEndMark]);
    for (let length = 0; length < whole.length; length += 61) {
      expect((await read(whole.subarray(0, length))).end.kind).toBe("damaged");
    }
    expect((await read(whole)).end).toEqual({ kind: "complete" });
  });

  test("by something after its end mark says so, and takes nothing of it", async () => {
    const { entries, end } = await read(Buffer.concat([before, tarEndMark, after, tarEndMark]));
    expect(entries).toHaveLength(1);
    expect(end).toMatchObject({ kind: "damaged", message: expect.stringContaining("end mark") });
  });

  test("by zeros without end is given up", async () => {
    const { end } = await read(Buffer.concat([before, Buffer.alloc(3_000_000)]));
    expect(end.kind).toBe("damaged");
  });

  test("by a source that fails or hangs gives what came before", async () => {
    const failing = async function* () {
      yield before;
      throw new Error("the engine went away");
    };
    const hanging = async function* () {
      yield before;
      await new Promise(() => undefined);
    };
    for (const [source, message] of [
      [failing(), "the outputs broke off"],
      [hanging(), "the outputs took too long"],
    ] as const) {
      const tar = readTar(source, { ...limits, ms: 200 }, never);
      const paths: string[] = [];
      for await (const entry of tar.entries) paths.push(entry.path.toString());
      expect(paths).toEqual(["before"]);
      expect(tar.end()).toMatchObject({ kind: "damaged", message });
    }
  });
});

describe("a tar that is too large", () => {
  test("in one declared size stops at that header and names it", async () => {
    const huge = tarHeader({
      name: "sparse",
      size: Buffer.concat([Buffer.from([0x80]), Buffer.alloc(5), Buffer.from([1, 0, 0, 0, 0, 0])]),
    });
    const { entries, end } = await read(Buffer.concat([before, huge, after]));
    expect(entries).toHaveLength(1);
    expect(end).toMatchObject({ kind: "too_large", path: Buffer.from("sparse") });
  });

  test("in all its sizes together stops at the header that goes over", async () => {
    const { entries, end } = await read(Buffer.concat([before, after, tarEndMark]), 512, {
      contentBytes: 15,
    });
    expect(entries.map(({ path }) => path)).toEqual(["before"]);
    expect(end).toMatchObject({ kind: "too_large", path: Buffer.from("after") });
  });

  test("in entries, or in headers without entries, stops", async () => {
    const folders = Buffer.concat(Array.from({ length: 30 }, () => tarEntry({ name: "d/", type: "5" })));
    expect((await read(folders, 4_096, { entries: 20 })).end.kind).toBe("too_large");
    const records = Buffer.concat(
      Array.from({ length: 30 }, () => tarEntry({ type: "g" }, paxLine("a", "b"))),
    );
    expect((await read(records, 4_096, { headerBytes: 1_000 })).end.kind).toBe("too_large");
  });
});

describe("a tar that is well made", () => {
  test("keeps names as bytes, from pax, GNU and ustar headers", async () => {
    const odd = Buffer.from([0x61, 0xff, 0xfe]);
    const bytes = Buffer.concat([
      paxEntry({ path: odd }),
      tarEntry({ type: "L", magic: "ustar  \0" }, Buffer.concat([odd, odd, Buffer.from("\0")])),
      tarEntry({ magic: "ustar  \0" }),
      tarEntry({ name: odd, prefix: "folder" }),
      tarEndMark,
    ]);
    const { entries, end } = await read(bytes);
    expect(entries.map(({ path }) => path)).toEqual(
      [odd, Buffer.concat([odd, odd]), Buffer.concat([Buffer.from("folder/"), odd])].map((name) =>
        name.toString("latin1"),
      ),
    );
    expect(end).toEqual({ kind: "complete" });
  });

  test("drops pax globals: they change no entry", async () => {
    const global = tarEntry({ type: "g" }, Buffer.concat([paxLine("path", "evil"), paxLine("size", "9")]));
    const { entries } = await read(Buffer.concat([global, before, tarEndMark]));
    expect(entries).toEqual([{ path: "before", kind: "file", content: "came before" }]);
  });

  test("steps over the map of an old GNU sparse file", async () => {
    const sparse = Buffer.concat([
      tarHeader({ type: "S", name: "sparse", magic: "ustar  \0", at482: 1, size: octal(3) }),
      Buffer.alloc(512),
      Buffer.concat([Buffer.from("abc"), Buffer.alloc(509)]),
    ]);
    const { entries, end } = await read(Buffer.concat([sparse, before, tarEndMark]));
    expect(entries.map(({ path, kind }) => [path, kind])).toEqual([
      ["sparse", "other"],
      ["before", "file"],
    ]);
    expect(end).toEqual({ kind: "complete" });
  });

  test("is read as tar-stream reads it, in chunks of any size", async () => {
    const name = fc.stringMatching(/^[a-zé日]{1,150}(\/[a-z]{1,90}){0,2}$/);
    const file = fc.record({ name, content: fc.uint8Array({ maxLength: 3_000 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9_000 }),
        async (files, chunk) => {
          const packed = pack();
          for (const each of files) packed.entry({ name: each.name }, Buffer.from(each.content));
          packed.finalize();
          const bytes = await buffer(packed);
          const theirs: [string, string][] = [];
          for await (const entry of Readable.from([bytes]).pipe(extract()))
            theirs.push([entry.header.name, (await buffer(entry)).toString("latin1")]);
          const ours = await read(bytes, chunk);
          expect(ours.end).toEqual({ kind: "complete" });
          expect(
            ours.entries.map(({ path, content }) => [Buffer.from(path, "latin1").toString(), content]),
          ).toEqual(theirs);
        },
      ),
      { numRuns: 60 },
    );
  });
});
