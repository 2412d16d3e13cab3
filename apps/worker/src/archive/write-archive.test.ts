import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { describe, expect, onTestFinished, test } from "vitest";
import { archiveContent, logLines, readZip, temporaryFolder, temporaryStore } from "./archive-fixture.ts";
import { decodeSegment } from "./entry-name.ts";
import { inChunks, tarEndMark, tarEntry } from "./tar-fixture.ts";
import { createWriteArchive } from "./write-archive.ts";

const limits = { outputBytes: 512 * 1_048_576, outputMs: 60_000 };
const never = new AbortController().signal;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** /workspace as a Sandbox sends it. Started when it is read: Node throws away what a child that has ended left unread. */
async function* tarOf(folder: string): AsyncGenerator<Uint8Array> {
  const command =
    "find . -xdev \\( -type d -o -type l -o -type f \\) -print0 | LC_ALL=C sort -z | " +
    "tar --format=pax --numeric-owner --no-recursion --null -T - -cf -";
  const child = spawn("bash", ["-c", command], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  try {
    yield* child.stdout;
  } finally {
    child.kill("SIGKILL");
  }
}

function write(folder: Buffer, name: Buffer, content: Buffer): void {
  writeFileSync(Buffer.concat([folder, Buffer.from("/"), name]), content);
}

const oddPieces = [
  "a",
  "Ünï",
  "日本",
  "e\u0301",
  " ",
  "%",
  "\\",
  ":",
  "*",
  "\n",
  "\x1b",
  "\u202e",
  "👩‍👧",
  "~1",
  "con",
  ".",
  "'",
  '"',
  "-rf",
];

/** 100 MB of random bytes and 3,000 small files whose names nobody should have to type. */
function makeOddWorkspace(): { readonly folder: string; readonly files: Map<string, string> } {
  const folder = temporaryFolder();
  const files = new Map<string, string>();
  const add = (directory: string, name: Buffer, content: Buffer) => {
    mkdirSync(join(folder, directory), { recursive: true });
    write(Buffer.from(join(folder, directory)), name, content);
    files.set(Buffer.concat([Buffer.from(`${directory}/`), name]).toString("latin1"), sha256(content));
  };
  for (let count = 0; count < 3_000; count += 1) {
    const name = [0, 1, 2].map((at) => oddPieces[(count * (at * 7 + 3) + at) % oddPieces.length] ?? "");
    const odd = count % 3 === 0 ? Buffer.from([0xff, 0x80 + (count % 64)]) : Buffer.alloc(0);
    add(
      `d${String(count % 30)}`,
      Buffer.concat([Buffer.from(`${name.join("")}${String(count)}`), odd]),
      randomBytes((count * 37) % 9_000),
    );
  }
  add("big", Buffer.from("random.bin"), randomBytes(100 * 1_048_576));
  add("big", Buffer.from("x".repeat(255)), Buffer.from("a long name"));
  add("big", Buffer.from("日".repeat(85)), Buffer.from("a long name"));
  return { folder, files };
}

describe("an Archive", () => {
  test("gives back 100 MB of random bytes and 3,000 files with odd names byte for byte, to every reader", async () => {
    const { folder, files } = makeOddWorkspace();
    const store = temporaryStore();
    const writeArchive = createWriteArchive(store);
    const results = [];
    for (const key of ["one.zip", "two.zip"])
      results.push(await writeArchive(key, archiveContent(tarOf(folder)), limits, never));
    const [one, two] = results.map((result) => (result.ok ? result.value : null));
    expect(one?.outputs).toMatchObject({ files: files.size, notTaken: 0, end: { kind: "complete" } });
    expect(two?.sha256).toBe(one?.sha256);

    const path = store.pathOf("one.zip");
    expect(sha256(readFileSync(path))).toBe(one?.sha256);
    const seen = new Map<string, string>();
    const items = await readZip(path);
    for (const { name, type, content } of items.values()) {
      if (!name.startsWith("outputs/") || type !== 8) continue;
      const raw = name
        .slice("outputs/".length)
        .split("/")
        .map((segment) => decodeSegment(segment) ?? Buffer.from("cut"));
      seen.set(raw.map((segment) => segment.toString("latin1")).join("/"), sha256(content));
    }
    expect(seen).toEqual(files);

    const manifest: { files: { path: string; bytes: number; sha256: string }[] } = JSON.parse(
      items.get("manifest.json")?.content.toString() ?? "",
    );
    expect(manifest.files).toHaveLength(files.size + 4);
    for (const file of manifest.files) {
      expect(items.get(file.path)?.content.length).toBe(file.bytes);
      expect(sha256(items.get(file.path)?.content ?? Buffer.alloc(0))).toBe(file.sha256);
    }
    expect(execFileSync("unzip", ["-tq", path]).toString()).toContain("No errors");
    const program =
      "import sys,json,zipfile,hashlib\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n" +
      "m=json.loads(z.read('manifest.json'))\n" +
      "print(sum(hashlib.sha256(z.read(f['path'])).hexdigest()==f['sha256'] for f in m['files']))";
    expect(execFileSync("python3", ["-c", program, path]).toString().trim()).toBe(String(files.size + 4));
  }, 120_000);

  test("has empty folders, links that stay inside, modes and times", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "empty", "deep"), { recursive: true });
    writeFileSync(join(folder, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    utimesSync(join(folder, "run.sh"), 1_000_000_000, 1_000_000_000);
    symlinkSync("../run.sh", join(folder, "empty", "inside"));
    symlinkSync("/etc/passwd", join(folder, "outside"));
    const store = temporaryStore();
    const result = await createWriteArchive(store)("a.zip", archiveContent(tarOf(folder)), limits, never);
    expect(result).toMatchObject({ ok: true, value: { outputs: { files: 1, bytes: 10, notTaken: 1 } } });
    const items = await readZip(store.pathOf("a.zip"));
    expect(items.get("outputs/empty/deep/")).toMatchObject({ type: 4, mode: 0o755 });
    expect(items.get("outputs/empty/inside")).toMatchObject({ type: 10, content: Buffer.from("../run.sh") });
    expect(items.get("outputs/run.sh")).toMatchObject({
      type: 8,
      mode: 0o755,
      date: new Date(1_000_000_000_000),
    });
    const manifest = JSON.parse(items.get("manifest.json")?.content.toString() ?? "");
    expect(manifest).toEqual({
      job_id: "01980000-0000-7000-8000-000000000000",
      versions: { longshore: "0.1.0" },
      files: expect.arrayContaining([
        { path: "outputs/run.sh", bytes: 10, sha256: sha256(Buffer.from("#!/bin/sh\n")), mode: "0755" },
      ]),
      links: [{ path: "outputs/empty/inside", target: "../run.sh" }],
      not_taken: [{ path: "outputs/outside", reason: "it is a link that leads out of /workspace" }],
    });
  });

  test("keeps a second name of a file as a link to the first", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "b"));
    writeFileSync(join(folder, "a"), "once");
    linkSync(join(folder, "a"), join(folder, "b", "second"));
    const store = temporaryStore();
    await createWriteArchive(store)("a.zip", archiveContent(tarOf(folder)), limits, never);
    const items = await readZip(store.pathOf("a.zip"));
    expect(items.get("outputs/a")).toMatchObject({ type: 8, content: Buffer.from("once") });
    expect(items.get("outputs/b/second")).toMatchObject({ type: 10, content: Buffer.from("../a") });
    expect(JSON.parse(items.get("manifest.json")?.content.toString() ?? "")).toMatchObject({
      links: [{ path: "outputs/b/second", target: "../a", hard_link: true }],
      not_taken: [],
    });
  });

  test("has the log as text for people and as lines of JSON for programs", async () => {
    const store = temporaryStore();
    await createWriteArchive(store)("a.zip", archiveContent(null), limits, never);
    const items = await readZip(store.pathOf("a.zip"));
    expect(items.get("logs.txt")?.content.toString()).toBe("one red\ntwo and more\n");
    const lines = items.get("logs.ndjson")?.content.toString().trimEnd().split("\n") ?? [];
    expect(lines.map((line) => JSON.parse(line))).toEqual(logLines);
    expect(JSON.parse(items.get("plan.json")?.content.toString() ?? "")).toMatchObject({
      source: "explicit",
    });
    expect(items.get("outputs/")?.type).toBe(4);
  });

  test("lists what the tar left out, and is too large where that was left out for its size", async () => {
    const store = temporaryStore();
    const leftOut = () => [
      { path: Buffer.from("socket"), reason: "it is a socket" },
      { path: Buffer.from("huge"), reason: "it is larger than output_mb", tooLarge: true },
    ];
    const content = archiveContent(inChunks(Buffer.concat([tarEntry({ name: "a" }, "a"), tarEndMark])), {
      leftOut,
    });
    const result = await createWriteArchive(store)("a.zip", content, limits, never);
    expect(result).toMatchObject({
      ok: true,
      value: { outputs: { files: 1, notTaken: 2, end: { kind: "too_large" } } },
    });
  });

  test("has the same bytes however its outputs were cut into chunks, and in any time zone", async () => {
    const text = Buffer.from("some text that shrinks ".repeat(20_000));
    const tar = Buffer.concat([tarEntry({ name: "t" }, text), tarEntry({ name: "s" }, "small"), tarEndMark]);
    const hashes = new Set<string>();
    for (const [chunk, zone] of [
      [700, "UTC"],
      [65_536, "Pacific/Kiritimati"],
      [1_000_000, "America/Lima"],
    ] as const) {
      process.env["TZ"] = zone;
      const result = await createWriteArchive(temporaryStore())(
        "a.zip",
        archiveContent(inChunks(tar, chunk)),
        limits,
        never,
      );
      if (result.ok) hashes.add(result.value.sha256);
    }
    delete process.env["TZ"];
    expect(hashes.size).toBe(1);
  });
});

describe("an Archive that cannot be written", () => {
  const endless = async function* () {
    yield tarEntry({ name: "first" }, "first");
    await new Promise(() => undefined);
  };
  const large = () => inChunks(Buffer.concat([tarEntry({ name: "r" }, randomBytes(4_000_000)), tarEndMark]));

  test("for want of room says so, and leaves nothing behind", async ({ skip }) => {
    const folder = temporaryFolder();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
    } catch {
      return skip("only root may mount the small file system this needs");
    }
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    const write = createWriteArchive({ blobStore: createFileBlobStore({ folder }) });
    expect(await write("a.zip", archiveContent(large()), limits, never)).toMatchObject({
      ok: false,
      failure: { code: "no_space" },
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("because it is given up ends at once, whatever the outputs do", async () => {
    const store = temporaryStore();
    const stop = new AbortController();
    setTimeout(() => stop.abort("cancelled"), 50);
    const result = await createWriteArchive(store)("a.zip", archiveContent(endless()), limits, stop.signal);
    expect(result).toMatchObject({ ok: false, failure: { code: "aborted" } });
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test("because its log cannot be read throws that error, and leaves nothing behind", async () => {
    const store = temporaryStore();
    const logs = async function* () {
      yield* logLines;
      throw new Error("the database is away");
    };
    const writing = createWriteArchive(store)("a.zip", archiveContent(large(), { logs }), limits, never);
    await expect(writing).rejects.toThrow("the database is away");
    expect(readdirSync(store.folder)).toEqual([]);
  });

  test("is not failed by outputs that hang: what came until their time is kept", async () => {
    const store = temporaryStore();
    const result = await createWriteArchive(store)(
      "a.zip",
      archiveContent(endless()),
      { ...limits, outputMs: 200 },
      never,
    );
    expect(result).toMatchObject({
      ok: true,
      value: { outputs: { files: 1, end: { kind: "damaged", message: "the outputs took too long" } } },
    });
  });
});

test("memory stays flat while large outputs and many small ones go through", async () => {
  const folder = temporaryFolder();
  const script = join(dirname(import.meta.filename), "measure-archive.ts");
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await Promise.all([buffer(child.stdout), once(child, "close")]);
  const grownMb: { large: number; small: number } = JSON.parse(text.toString());
  expect(grownMb.large).toBeLessThan(120);
  expect(grownMb.small).toBeLessThan(160);
}, 60_000);
