import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { archiveContent, readZip, temporaryFolder, temporaryStore } from "./archive-fixture.ts";
import { inChunks, octal, paxEntry, tarEndMark, tarEntry, tarHeader } from "./tar-fixture.ts";
import { createWriteArchive } from "./write-archive.ts";

const limits = { outputBytes: 1_048_576, outputMs: 10_000 };
const never = new AbortController().signal;
const secret = "/etc/passwd";

/** What a kind of hostile entry becomes: not taken for a reason, or an entry of the zip with this name. */
type Outcome = { readonly notTaken: RegExp } | { readonly file: string } | { readonly link: string };

const long = (character: string, count: number) => character.repeat(count);
const hostile: readonly (readonly [what: string, entry: Buffer, outcome: Outcome])[] = [
  ["an absolute path", tarEntry({ name: "/etc/cron.d/x" }, "evil"), { notTaken: /absolute/ }],
  ["a path that goes up", tarEntry({ name: "../../up" }, "evil"), { notTaken: /\.\./ }],
  ["a path that goes up inside", tarEntry({ name: "a/../../up" }, "evil"), { notTaken: /\.\./ }],
  ["an empty path", tarEntry({ name: "" }, "evil"), { notTaken: /empty/ }],
  ["an empty segment", tarEntry({ name: "a//b" }, "evil"), { notTaken: /empty or \./ }],
  ["a . segment", tarEntry({ name: "a/./b" }, "evil"), { notTaken: /empty or \./ }],
  ["NUL in a pax path", paxEntry({ path: "a\0b" }, {}, "evil"), { notTaken: /NUL/ }],
  [
    "a path over 4,096 bytes",
    paxEntry({ path: `${long("dir/", 1_100)}x` }, {}, "evil"),
    { notTaken: /over 4096/ },
  ],
  ["a segment over 255 bytes", paxEntry({ path: long("s", 256) }, {}, "evil"), { notTaken: /over 255/ }],
  ["a depth over 100", paxEntry({ path: `${long("d/", 101)}x` }, {}, "evil"), { notTaken: /folders deep/ }],
  [
    "a symlink to an absolute path",
    tarEntry({ name: "l1", type: "2", link: secret }),
    { notTaken: /leads out/ },
  ],
  [
    "a symlink that goes up",
    tarEntry({ name: "l2", type: "2", link: "../../etc" }),
    { notTaken: /leads out/ },
  ],
  [
    "a symlink into /proc",
    tarEntry({ name: "l3", type: "2", link: "/proc/self/root" }),
    { notTaken: /leads out/ },
  ],
  [
    "a symlink that goes up behind a name",
    tarEntry({ name: "l4", type: "2", link: "x/../../y" }),
    { notTaken: /leads out/ },
  ],
  ["a symlink to itself", tarEntry({ name: "l5", type: "2", link: "l5" }), { notTaken: /itself/ }],
  ["a symlink to nothing", tarEntry({ name: "l6", type: "2", link: "" }), { notTaken: /nothing/ }],
  [
    "a symlink of 4,000 bytes",
    paxEntry({ linkpath: long("y", 4_000) }, { name: "l7", type: "2" }),
    { notTaken: /cannot be/ },
  ],
  ["a dangling symlink inside", tarEntry({ name: "l8", type: "2", link: "gone" }), { link: "outputs/l8" }],
  ["a symlink loop", tarEntry({ name: "l9", type: "2", link: "l8" }), { link: "outputs/l9" }],
  [
    "an entry behind a symlink",
    Buffer.concat([tarEntry({ name: "l0", type: "2", link: "d" }), tarEntry({ name: "l0/inside" }, "safe")]),
    { file: "outputs/l0~2/inside" },
  ],
  ["a hard link out", tarEntry({ name: "h1", type: "1", link: secret }), { notTaken: /not in the archive/ }],
  [
    "a hard link that goes up",
    tarEntry({ name: "h2", type: "1", link: "../x" }),
    { notTaken: /not in the archive/ },
  ],
  [
    "a hard link to a later entry",
    tarEntry({ name: "h3", type: "1", link: "zz" }),
    { notTaken: /not in the archive/ },
  ],
  [
    "a hard link to a symlink",
    tarEntry({ name: "h4", type: "1", link: "l8" }),
    { notTaken: /not in the archive/ },
  ],
  [
    "a hard link to an earlier file",
    tarEntry({ name: "d/h5", type: "1", link: "first" }),
    { link: "outputs/d/h5" },
  ],
  ["a character device", tarEntry({ name: "dev1", type: "3" }), { notTaken: /character device/ }],
  ["a block device", tarEntry({ name: "dev2", type: "4" }), { notTaken: /block device/ }],
  ["a FIFO", tarEntry({ name: "fifo", type: "6" }), { notTaken: /FIFO/ }],
  [
    "an old GNU sparse file",
    tarEntry({ name: "s1", type: "S", magic: "ustar  \0" }, "xx"),
    { notTaken: /sparse/ },
  ],
  [
    "a pax sparse file",
    paxEntry({ "GNU.sparse.major": "1", "GNU.sparse.name": "n" }, { name: "s2" }, "xx"),
    { notTaken: /sparse/ },
  ],
  ["a GNU folder dump", tarEntry({ name: "dump", type: "D" }, "xx"), { notTaken: /kind/ }],
  ["a volume label", tarEntry({ name: "volume", type: "V" }), { notTaken: /kind/ }],
  ["a continued volume", tarEntry({ name: "more", type: "M" }, "xx"), { notTaken: /kind/ }],
  ["an unknown type", tarEntry({ name: "what", type: "Z" }, "xx"), { notTaken: /kind/ }],
  [
    "a file that claims to be the workspace",
    tarEntry({ name: "." }, "evil"),
    { notTaken: /workspace itself/ },
  ],
  ["a backslash", tarEntry({ name: "..\\..\\evil.exe" }, "x"), { file: "outputs/..%5C..%5Cevil.exe" }],
  ["a drive letter", tarEntry({ name: "C:evil" }, "x"), { file: "outputs/C%3Aevil" }],
  ["a device name of Windows", tarEntry({ name: "CON" }, "x"), { file: "outputs/%43ON" }],
  ["one with an extension", tarEntry({ name: "nul.txt" }, "x"), { file: "outputs/%6Eul.txt" }],
  ["a trailing dot", tarEntry({ name: "dot." }, "x"), { file: "outputs/dot%2E" }],
  ["a trailing space", tarEntry({ name: "space " }, "x"), { file: "outputs/space%20" }],
  ["three dots", tarEntry({ name: "..." }, "x"), { file: "outputs/..%2E" }],
  ["a newline", tarEntry({ name: "new\nline" }, "x"), { file: "outputs/new%0Aline" }],
  ["an escape sequence", tarEntry({ name: "\x1b[2J" }, "x"), { file: "outputs/%1B[2J" }],
  [
    "right-to-left override",
    tarEntry({ name: "a\u202egpj.exe" }, "x"),
    { file: "outputs/a%E2%80%AEgpj.exe" },
  ],
  ["a zero-width space", tarEntry({ name: "a\u200bb" }, "x"), { file: "outputs/a%E2%80%8Bb" }],
  ["bad UTF-8", tarEntry({ name: Buffer.from([0xff, 0xfe]) }, "x"), { file: "outputs/%FF%FE" }],
  ["a percent sign", tarEntry({ name: "%2e%2e" }, "x"), { file: "outputs/%252e%252e" }],
  ["a duplicate", tarEntry({ name: "first" }, "other"), { file: "outputs/first~2" }],
  ["a collision by case", tarEntry({ name: "FIRST" }, "other"), { file: "outputs/FIRST~2" }],
  [
    "a collision by Unicode form",
    Buffer.concat([tarEntry({ name: "\u00e9" }, "x"), tarEntry({ name: "e\u0301" }, "x")]),
    { file: "outputs/e\u0301~2" },
  ],
  [
    "a file against a folder",
    Buffer.concat([tarEntry({ name: "fd" }, "x"), tarEntry({ name: "fd/in" }, "x")]),
    { file: "outputs/fd~2/in" },
  ],
  ["the manifest's own name", tarEntry({ name: "manifest.json" }, "{}"), { file: "outputs/manifest.json" }],
  ["the log's own name", tarEntry({ name: "logs.txt" }, "x"), { file: "outputs/logs.txt" }],
  ["__proto__", tarEntry({ name: "__proto__" }, "x"), { file: "outputs/__proto__" }],
  [
    "__proto__ as a pax key",
    paxEntry({ ["__proto__"]: "y" }, { name: "proto" }, "x"),
    { file: "outputs/proto" },
  ],
  ["set-uid and set-gid", tarEntry({ name: "setuid", mode: "0006777\0" }, "x"), { file: "outputs/setuid" }],
  ["a mode that is no number", tarEntry({ name: "mode", mode: "zzzzzzz\0" }, "x"), { file: "outputs/mode" }],
  ["a time of 1901", tarEntry({ name: "t1", mtime: Buffer.alloc(12, 0xff) }, "x"), { file: "outputs/t1" }],
  ["a time of 9999", paxEntry({ mtime: "253402300799" }, { name: "t2" }, "x"), { file: "outputs/t2" }],
  ["a time that is no number", paxEntry({ mtime: "NaN" }, { name: "t3" }, "x"), { file: "outputs/t3" }],
  [
    "extended attributes",
    paxEntry({ "SCHILY.xattr.security.capability": "\x01" }, { name: "xattr" }, "x"),
    { file: "outputs/xattr" },
  ],
  [
    "pax globals",
    Buffer.concat([tarEntry({ type: "g" }, "16 path=../evil\n"), tarEntry({ name: "g" }, "x")]),
    { file: "outputs/g" },
  ],
  ["a page for a browser", tarEntry({ name: "x.html" }, "<script>"), { file: "outputs/x.html" }],
];

async function archive(tar: Buffer, own = limits) {
  const store = temporaryStore();
  const write = createWriteArchive(store);
  const result = await write("job.zip", archiveContent(inChunks(tar, 1_000)), own, never);
  if (!result.ok) throw new Error(result.failure.message);
  const path = store.pathOf("job.zip");
  const items = await readZip(path);
  const manifest: {
    files: { path: string; mode: string; raw_path_base64?: string }[];
    links: { path: string; target: string }[];
    not_taken: { path: string; reason: string }[];
  } = JSON.parse(items.get("manifest.json")?.content.toString() ?? "");
  return { summary: result.value.outputs, items, manifest, path };
}

const first = tarEntry({ name: "first" }, "first content");
const last = tarEntry({ name: "zz-last" }, "last");

describe("a hostile entry of the outputs", () => {
  test.each(hostile)("with %s is contained, and named in the manifest", async (_, entry, outcome) => {
    const { summary, items, manifest } = await archive(Buffer.concat([first, entry, last, tarEndMark]));
    expect(summary.end.kind).toBe("complete");
    expect(items.get("outputs/first")?.content.toString()).toBe("first content");
    expect(items.get("outputs/zz-last")?.content.toString()).toBe("last");
    if ("notTaken" in outcome) {
      expect(manifest.not_taken).toHaveLength(1);
      expect(manifest.not_taken[0]?.reason).toMatch(outcome.notTaken);
      expect(summary.notTaken).toBe(1);
    } else if ("file" in outcome) {
      expect(manifest.not_taken).toEqual([]);
      expect(manifest.files.map(({ path }) => path)).toContain(outcome.file);
      expect(items.get(outcome.file)?.type).toBe(8);
    } else {
      expect(manifest.links.map(({ path }) => path)).toContain(outcome.link);
      expect(items.get(outcome.link)?.type).toBe(10);
    }
    for (const item of items.values()) {
      expect(item.content.includes("root:")).toBe(false);
      expect(item.mode & 0o7022 && item.type !== 10).toBeFalsy();
      expect(item.date.getUTCFullYear()).toBeGreaterThanOrEqual(1980);
    }
  });

  test("of every kind at once leaves a zip that other programs unpack into its own folder", async () => {
    const tar = Buffer.concat([first, ...hostile.map(([, entry]) => entry), last, tarEndMark]);
    const { manifest, items, path } = await archive(tar);
    expect(hostile.length).toBeGreaterThanOrEqual(40);
    expect(manifest.files.every(({ path: name }) => items.has(name))).toBe(true);
    expect(execFileSync("unzip", ["-tq", path]).toString()).toContain("No errors");
    const outer = temporaryFolder();
    const inner = join(outer, "deep", "inner");
    mkdirSync(inner, { recursive: true });
    execFileSync("unzip", ["-qo", path, "-d", inner]);
    expect(readdirSync(outer)).toEqual(["deep"]);
    expect(readdirSync(join(outer, "deep"))).toEqual(["inner"]);
    expect(existsSync(join(inner, "outputs", "first"))).toBe(true);
  });

  test("keeps the Job's own name in the manifest where it had to be changed, and there alone", async () => {
    const raw = Buffer.from([0x61, 0xff]);
    const { manifest } = await archive(Buffer.concat([first, tarEntry({ name: raw }, "x"), tarEndMark]));
    const named = manifest.files.filter(({ raw_path_base64: name }) => name !== undefined);
    expect(named.map(({ path, raw_path_base64: name }) => [path, name])).toEqual([
      ["outputs/a%FF", raw.toString("base64")],
    ]);
  });
});

describe("outputs that do not come whole", () => {
  test("say so, keep what came, and tell of the file that was cut", async () => {
    const cut = Buffer.concat([
      first,
      tarHeader({ name: "cut", size: octal(9_000) }),
      Buffer.alloc(3_000, 97),
    ]);
    const { summary, items, manifest } = await archive(cut);
    expect(summary.end).toMatchObject({ kind: "damaged" });
    expect(summary.files).toBe(1);
    expect(items.get("outputs/cut")?.content).toHaveLength(3_000);
    expect(manifest.files.map(({ path }) => path)).not.toContain("outputs/cut");
    expect(manifest.not_taken[0]).toEqual({
      path: "outputs/cut",
      reason: "only the first 3000 of its 9000 bytes came; they are kept as outputs/cut",
    });
    expect(JSON.parse(items.get("result.json")?.content.toString() ?? "")).toMatchObject({ end: "damaged" });
  });

  test("for their size say so, and logs, plan, result and manifest are saved all the same", async () => {
    const huge = tarHeader({ name: "huge", size: octal(2_000_000) });
    const { summary, items, manifest } = await archive(Buffer.concat([first, huge]));
    expect(summary).toMatchObject({ files: 1, bytes: 13, end: { kind: "too_large" } });
    expect(manifest.not_taken[0]).toMatchObject({
      path: "outputs/huge",
      reason: expect.stringContaining("larger than"),
    });
    expect([...items.keys()]).toEqual([
      "outputs/first",
      "result.json",
      "plan.json",
      "logs.txt",
      "logs.ndjson",
      "manifest.json",
    ]);
  });

  test("as random bytes never break it", async () => {
    const whole = Buffer.concat([first, ...hostile.map(([, entry]) => entry), last, tarEndMark]);
    // A multiplier of its own, so that a failure can be repeated.
    for (let seed = 1; seed <= 60; seed += 1) {
      const tar = Buffer.from(whole);
      for (let flips = 0; flips < 5; flips += 1)
        tar[(seed * 7_919 * (flips + 1) * 31) % tar.length] = (seed * 53) % 256;
      const { items } = await archive(tar);
      expect(items.has("manifest.json")).toBe(true);
    }
  });
});
