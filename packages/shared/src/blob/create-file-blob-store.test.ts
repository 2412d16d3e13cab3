import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { describeBlobStore } from "./blob-store.testsuite.ts";
import { createFileBlobStore } from "./create-file-blob-store.ts";

const folders: string[] = [];
const mounts: string[] = [];

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "blob-store-"));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const mount of mounts.splice(0)) execFileSync("umount", ["-l", mount]);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Null where this user may not mount. */
function smallFileSystem(): string | null {
  const folder = freshFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], { stdio: "ignore" });
  } catch {
    // Only root may mount: the test says that it was skipped for this.
    return null;
  }
  mounts.push(folder);
  return folder;
}

describeBlobStore("files", () =>
  Promise.resolve(createFileBlobStore({ folder: join(freshFolder(), "archives") })),
);

describe("a BlobStore of files", () => {
  test("says no_space on a full disk, and leaves nothing behind", async ({ skip }) => {
    const folder = smallFileSystem();
    if (folder === null) return skip("only root may mount the small file system this needs");
    const store = createFileBlobStore({ folder });
    const writer = await store.create("big.zip");
    if (!writer.ok) throw new Error("expected a writer");
    for (let piece = 0; piece < 8; piece += 1) writer.value.sink.write(Buffer.alloc(400_000, piece));
    expect(await writer.value.commit()).toMatchObject({ ok: false, failure: { code: "no_space" } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("says so where its folder cannot be made", async () => {
    const store = createFileBlobStore({ folder: "/dev/null/archives" });
    expect(await store.create("a.zip")).toMatchObject({ ok: false, failure: { code: "storage_failed" } });
  });

  test("says not_permitted where it may not write", async ({ skip }) => {
    if (process.getuid?.() === 0) return skip("root may write everywhere");
    const folder = freshFolder();
    await chmod(folder, 0o500);
    const store = createFileBlobStore({ folder });
    expect(await store.create("a.zip")).toMatchObject({ ok: false, failure: { code: "not_permitted" } });
  });

  test("is empty where its folder is not there yet", async () => {
    const store = createFileBlobStore({ folder: join(freshFolder(), "not-yet") });
    for await (const record of store.list()) throw new Error(`unexpected ${record.key}`);
    for await (const key of store.keys()) throw new Error(`unexpected ${key}`);
    expect(await store.removeTemporaries((found) => Promise.resolve(found.map(({ key }) => key)))).toBe(0);
  });
});
