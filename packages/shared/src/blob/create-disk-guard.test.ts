import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  mountSmallFileSystem,
  type SmallFileSystem,
  whyNoSmallFileSystem,
} from "../../../../tests/support/small-file-system.ts";
import { createLogger } from "../runtime/logger.ts";
import { createDiskGuard } from "./create-disk-guard.ts";

let disk: SmallFileSystem | null;
let logged: { readonly msg: string }[];
beforeEach(() => {
  disk = mountSmallFileSystem(8);
  logged = [];
});
afterEach(() => disk?.remove());

const lines = new Writable({
  write: (line: Buffer, _, done) => {
    // safety: pino writes one JSON object a line, with its message.
    logged.push(JSON.parse(line.toString()) as { msg: string });
    done();
  },
});
const guardOf = (folder: string, minFreeMb: number, writes = false) =>
  createDiskGuard({ folder, minFreeMb, writes, logger: createLogger("test", "info", lines) });
const withinSeconds = { timeout: 5_000, interval: 100 };

test("a disk that fills up is told once, and once when there is room again", async ({ skip }) => {
  if (disk === null) return skip(whyNoSmallFileSystem);
  const { folder } = disk;
  const guard = guardOf(join(folder, "not", "made", "yet"), 4);
  const { freeBytes, ...well } = await guard.check();
  expect(well).toEqual({ roomForJobs: true, component: { state: "ok", reason: null } });
  expect(freeBytes).toBeGreaterThan(4 * 1_048_576);
  writeFileSync(join(folder, "big"), Buffer.alloc(5_000_000));
  await expect
    .poll(() => guard.check(), withinSeconds)
    .toMatchObject({
      roomForJobs: false,
      component: { state: "degraded", reason: expect.stringContaining("4 MB") as string },
    });
  for (let looks = 0; looks < 50; looks += 1) await guard.check();
  rmSync(join(folder, "big"));
  await expect.poll(() => guard.check(), withinSeconds).toMatchObject({ roomForJobs: true });
  expect(logged.map(({ msg }) => msg)).toEqual([
    "the disk of the archives is nearly full: no jobs are taken",
    "there is room for archives again: jobs are taken",
  ]);
});

test("jobs are taken again only when there is somewhat more room than the bound", async ({ skip }) => {
  if (disk === null) return skip(whyNoSmallFileSystem);
  const { folder } = disk;
  const guard = guardOf(folder, 4);
  writeFileSync(join(folder, "big"), Buffer.alloc(4_500_000));
  expect(await guard.check()).toMatchObject({ roomForJobs: false });
  // 4.1 MB are free now: above the bound, below what ends it.
  writeFileSync(join(folder, "big"), Buffer.alloc(4_080_000));
  const fresh = guardOf(folder, 4);
  await expect.poll(() => fresh.check(), withinSeconds).toMatchObject({ roomForJobs: true });
  expect(await guard.check()).toMatchObject({ roomForJobs: false });
  rmSync(join(folder, "big"));
  await expect.poll(() => guard.check(), withinSeconds).toMatchObject({ roomForJobs: true });
});

test("on a file system that has become read-only no jobs are taken by who writes there, and that is told once", async ({
  skip,
}) => {
  if (disk === null) return skip(whyNoSmallFileSystem);
  const folder = join(disk.folder, "not", "made", "yet");
  const [writer, reader] = [guardOf(folder, 1, true), guardOf(folder, 1)];
  expect(await writer.check()).toMatchObject({ roomForJobs: true, component: { state: "ok" } });
  disk.setReadOnly(true);
  const reason = "archives may not be written where they are kept";
  await expect
    .poll(() => writer.check(), withinSeconds)
    .toMatchObject({ roomForJobs: false, component: { state: "away", reason } });
  expect(await reader.check()).toMatchObject({ roomForJobs: true, component: { state: "ok" } });
  for (let looks = 0; looks < 50; looks += 1) await writer.check();
  disk.setReadOnly(false);
  await expect.poll(() => writer.check(), withinSeconds).toMatchObject({ roomForJobs: true });
  expect(logged.map(({ msg }) => msg)).toEqual([
    `${reason}: no jobs are taken`,
    "there is room for archives again: jobs are taken",
  ]);
});

test("with a bound of 0 nothing is looked at", async () => {
  expect(await guardOf("/dev/null/archives", 0).check()).toMatchObject({ roomForJobs: true });
  expect(logged).toEqual([]);
});

test("where the folder cannot be looked at jobs are taken, and that is told", async () => {
  const guard = guardOf("/dev/null/archives", 1);
  expect(await guard.check()).toMatchObject({ roomForJobs: true, component: { state: "away" } });
  await guard.check();
  expect(logged).toHaveLength(1);
});

test("many questions at once are one look", async ({ skip }) => {
  if (disk === null) return skip(whyNoSmallFileSystem);
  const guard = guardOf(disk.folder, 4);
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => guard.check()));
  expect(new Set(answers).size).toBe(1);
});

test("a file system that does not answer holds up nobody for long, and is not asked again before it does", async () => {
  let asked = 0;
  const { promise: answer, resolve: giveAnswer } = Promise.withResolvers<number>();
  const guard = createDiskGuard({
    ...{ folder: "/", minFreeMb: 4, logger: createLogger("test", "info", lines) },
    readFreeMb: () => {
      asked += 1;
      return answer;
    },
  });
  const askedAt = performance.now();
  await expect.poll(() => guard.check(), withinSeconds).toMatchObject({ component: { state: "away" } });
  // Past the time for which an answer is kept: it looks anew, and gives up at once.
  while (performance.now() - askedAt < 2_500)
    expect(await guard.check()).toMatchObject({ roomForJobs: true, component: { state: "away" } });
  expect(performance.now() - askedAt).toBeLessThan(3_300);
  expect(asked).toBe(1);
  giveAnswer(1);
  await expect.poll(() => guard.check(), withinSeconds).toMatchObject({ roomForJobs: false });
});
