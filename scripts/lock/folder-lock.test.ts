import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tryFolderLock, waitForFolderLock } from "./folder-lock.mjs";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a lock that is held names its owner and what the owner told", async () => {
  const first = await tryFolderLock(path, { url: "http://127.0.0.1:8000" });
  expect(first.ok).toBe(true);
  expect(await tryFolderLock(path)).toMatchObject({
    ok: false,
    failure: { pid: process.pid, url: "http://127.0.0.1:8000" },
  });
});

test("a released lock can be taken again, and leaves no file behind", async () => {
  for (let round = 0; round < 2; round++) {
    const lock = await tryFolderLock(path);
    if (!lock.ok) throw new Error("the lock was not free");
    await lock.value.release();
  }
  expect(await readdir(folder)).toEqual([]);
});

test("a lock of a process that is gone is taken over", async () => {
  await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, identity: null }));
  expect((await tryFolderLock(path)).ok).toBe(true);
});

test("a lock whose pid belongs to another process by now is taken over", async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, identity: "an earlier boot/1" }));
  expect((await tryFolderLock(path)).ok).toBe(true);
});

test("a lock file that a full disk left empty is taken over", async () => {
  await writeFile(path, "");
  expect((await tryFolderLock(path)).ok).toBe(true);
});

test("of twenty that find a stale lock at once, one gets it", async () => {
  await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, identity: null }));
  const taken = await Promise.all(Array.from({ length: 20 }, () => tryFolderLock(path)));
  expect(taken.filter(({ ok }) => ok)).toHaveLength(1);
});

test("waiting for a lock ends when it is released", async () => {
  const first = await tryFolderLock(path);
  if (!first.ok) throw new Error("the lock was not free");
  const second = waitForFolderLock(path, { waitMs: 10_000, onWait: () => void first.value.release() });
  expect((await second).ok).toBe(true);
});
