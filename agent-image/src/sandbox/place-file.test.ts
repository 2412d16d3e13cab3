import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { placeFile } from "./place-file.ts";

const root = mkdtempSync(join(tmpdir(), "longshore-test-"));
afterAll(() => rmSync(root, { recursive: true }));

const place = (path: string, text = "x", append = false): string => {
  const placed = placeFile(path, Buffer.from(text), { append, root });
  return placed.ok ? "ok" : placed.failure.code;
};

test("folders are made, a file is begun or gone on with", () => {
  expect(place("a/b/c.txt", "one")).toBe("ok");
  expect(place("a/b/c.txt", "two", true)).toBe("ok");
  expect(readFileSync(join(root, "a/b/c.txt"), "utf8")).toBe("onetwo");
  expect(place("a/b/c.txt", "three")).toBe("ok");
  expect(readFileSync(join(root, "a/b/c.txt"), "utf8")).toBe("three");
});

test("what the file system refuses is a fault with its code, and never thrown", () => {
  mkdirSync(join(root, "folder"));
  symlinkSync("/etc/hostname", join(root, "link"));
  expect(place("folder")).toBe("EISDIR");
  expect(place("file.txt")).toBe("ok");
  expect(["ENOTDIR", "EEXIST"]).toContain(place("file.txt/below"));
  expect(place("x".repeat(300))).toBe("ENAMETOOLONG");
  expect(place("link")).toBe("ELOOP");
  expect(placeFile("nul\0", Buffer.of(), { append: false, root }).ok).toBe(false);
});
