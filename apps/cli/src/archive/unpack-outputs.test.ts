import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeZip } from "../../../../tests/support/make-zip.ts";
import { unpackOutputs } from "./unpack-outputs.ts";

// Archives that no Longshore makes: of a service that is not what it seems, whose SHA-256 is its own.
let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "longshore-unpack-"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

type Entries = Parameters<typeof makeZip>[0];

/** An archive with a manifest that fits, in a folder of its own beside the one that it is unpacked into. */
async function unpack(
  entries: Entries,
  change: (zip: Buffer) => Buffer = (zip) => zip,
  signal = AbortSignal.timeout(20_000),
) {
  const folder = await mkdtemp(join(base, "case-"));
  const out = join(folder, "out");
  const own = join(out, ".own");
  await mkdir(own, { recursive: true });
  const files = Object.entries(entries).flatMap(([path, content]) => {
    if (path.endsWith("/") || (typeof content === "object" && "to" in content)) return [];
    const bytes = Buffer.from(content);
    return [
      { path, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), mode: "0644" },
    ];
  });
  const manifest = JSON.stringify({ job_id: "x", files });
  await writeFile(join(own, "a.zip"), change(await makeZip({ ...entries, "manifest.json": manifest })));
  const unpacked = unpackOutputs(join(own, "a.zip"), out, { force: false, signal });
  return { folder, out, unpacked };
}

/** Changes a name everywhere in a zip, to one of the same length. */
const rename = (from: string, to: string) => (zip: Buffer) =>
  Buffer.from(zip.toString("latin1").replaceAll(from, to), "latin1");

test.each([
  ["a name that climbs", "outputs/xx/evil.txt", "outputs/../evil.txt"],
  ["a name that climbs high", "outputs/aa/bb/cc/evil", "outputs/../../../evil"],
  ["an absolute name", "xoutputs/evil.txt", "/outputs/evil.txt"],
  ["a name of Windows", "outputs/xx/evil.txt", String.raw`outputs\..\evil.txt`],
])("%s is not unpacked, and nothing is written outside", async (_, from, to) => {
  const { folder, out, unpacked } = await unpack({ [from]: "evil" }, rename(from, to));
  await expect(unpacked).rejects.toThrow(/path|characters/);
  expect(await readdir(folder)).toEqual(["out"]);
  expect(await readdir(out)).toEqual([".own"]);
});

test("a link that leads out is not made, and a file that would go through one is in a folder instead", async () => {
  const { folder, out, unpacked } = await unpack({
    "outputs/door": { to: "../../.." },
    "outputs/root": { to: "/etc" },
    "outputs/round": { to: "a/../../.." },
    "outputs/door/evil.txt": "through",
    "outputs/good": { to: "door/evil.txt" },
  });
  const { links, files } = await unpacked;
  expect(links.map(({ path }) => path)).toEqual(["door", "root", "round"]);
  expect(files.map(({ path }) => path)).toEqual(["door/evil.txt"]);
  expect(await readFile(join(out, "good"), "utf8")).toBe("through");
  expect(await readdir(folder)).toEqual(["out"]);
});

test("a file that is not as the manifest tells it gets no name", async () => {
  const { out, unpacked } = await unpack({ "outputs/a.txt": "0123456789".repeat(100) }, (zip) =>
    // The manifest's own copy of the hash, which the bytes then do not have.
    rename("outputs/a.txt", "outputs/b.txt")(zip),
  );
  await expect(unpacked).rejects.toThrow("b.txt is not as the archive's manifest tells it");
  expect(await readdir(out)).toEqual([".own"]);
});

test("one name twice overwrites nothing", async () => {
  const { out, unpacked } = await unpack(
    { "outputs/a.txt": "first", "outputs/b.txt": "other" },
    rename("outputs/b.txt", "outputs/a.txt"),
  );
  await expect(unpacked).rejects.toThrow("its SHA-256 is another");
  expect(await readFile(join(out, "a.txt"), "utf8")).toBe("first");
});

test("what is no zip is said to be none", async () => {
  const { unpacked } = await unpack({ "outputs/a.txt": "x" }, () => Buffer.from("<html>not a zip"));
  await expect(unpacked).rejects.toThrow("what came is no zip");
});

test("who leaves in the midst of a large file does not wait for its end, and it gets no name", async () => {
  const leave = new AbortController();
  const large = Buffer.alloc(96 * 1024 * 1024);
  const { out, unpacked } = await unpack({ "outputs/large.bin": large }, (zip) => zip, leave.signal);
  const reason = new Error("enough");
  const begun = async () => (await stat(join(out, ".own", "next")).catch(() => null))?.size ?? 0;
  const end = unpacked.catch((error: unknown) => error);
  await expect.poll(begun, { timeout: 10_000, interval: 2 }).toBeGreaterThan(0);
  leave.abort(reason);
  expect(await end).toBe(reason);
  expect(await readdir(out)).toEqual([".own"]);
  expect(await begun()).toBeLessThan(large.length);
});
