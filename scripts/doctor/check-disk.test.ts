import { join } from "node:path";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { checkDisk } from "./check-disk.ts";

test("a folder that is still to be made is judged by the file system that it will be on", async () => {
  const here = await checkDisk({ archiveFolder: tmpdir(), minFreeMb: 1 }).look();
  const later = await checkDisk({
    archiveFolder: join(tmpdir(), "not", "there", "yet"),
    minFreeMb: 1,
  }).look();
  expect(here.holds).toMatch(/^[\d.]+ GB, \d+ %$/);
  expect(later.suspects.length).toBe(here.suspects.length);
});

// /proc is a file system on which there is never any room.
test.runIf(process.platform === "linux")("a file system without room is wrong", async () => {
  const { holds, suspects } = await checkDisk({ archiveFolder: "/proc", minFreeMb: 512 }).look();
  expect(holds).toBe("0.0 GB, 0 %");
  expect(suspects).toMatchObject([{ id: "/proc" }]);
});
