import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listFiles } from "./list-files.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "longshore-test-"));
});
afterEach(() => rmSync(root, { recursive: true }));

test("regular files are listed by path, with their bytes; links are not followed", () => {
  mkdirSync(join(root, "b/c"), { recursive: true });
  writeFileSync(join(root, "b/c/deep.txt"), "12345");
  writeFileSync(join(root, "a.txt"), "1");
  symlinkSync("/etc", join(root, "etc"));
  symlinkSync(root, join(root, "b/loop"));
  expect(listFiles(root)).toEqual([
    { path: "a.txt", bytes: 1 },
    { path: "b/c/deep.txt", bytes: 5 },
  ]);
});

test("no more than 200 files and 64 KiB are listed", () => {
  for (let at = 0; at < 300; at++) writeFileSync(join(root, `file-${String(at)}`), "");
  expect(listFiles(root)).toHaveLength(200);
  for (let at = 0; at < 300; at++) writeFileSync(join(root, `a${"\u0001".repeat(240)}${String(at)}`), "");
  expect(JSON.stringify(listFiles(root)).length).toBeLessThan(66 * 1024);
});

test("a folder that is not there has no files", () => {
  expect(listFiles(join(root, "none"))).toEqual([]);
});
