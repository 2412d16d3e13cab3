import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import {
  deleteExpiredEvents,
  expireIdempotencyKeys,
  expireJobs,
  findUnreferencedArchives,
} from "@longshore/shared/db/expire-jobs";
import { readEvents } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { removeSilentWorkers } from "@longshore/shared/db/worker-reports";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endStoredJob, someArchive, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { expireArchives } from "./expire-archives.ts";

const logger = createLogger("test", "fatal");
let database: TestDatabase;
let folder: string;
let opened: Database[];
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "longshore-expiry-"));
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

/** One round of the sweep on the same database and folder, at another time. */
async function sweepAfter(clockShift: string): Promise<void> {
  const later = connectDatabase({
    url: database.url,
    maxConnections: 3,
    applicationName: "later",
    clockShift,
  });
  opened.push(later);
  const { sql } = later;
  const sweep = expireArchives({
    ...{ blobStore: createFileBlobStore({ folder }), logger },
    expireJobs: (limit) => expireJobs(sql, limit),
    deleteExpiredEvents: (signal) => deleteExpiredEvents(sql, signal),
    findUnreferenced: (keys) => findUnreferencedArchives(sql, keys),
    expireIdempotencyKeys: (limit) => expireIdempotencyKeys(sql, limit),
    removeSilentWorkers: () => removeSilentWorkers(sql),
  });
  await sweep.run(new AbortController().signal);
}

/** A Job that has ended now, with an archive of this name in the folder. */
async function endedJob(key: string): Promise<string> {
  const fence = await storeRunningJob(database.sql);
  await writeFile(join(folder, key), "a zip");
  await endStoredJob(database.sql, fence, "succeeded", { ...someArchive, key });
  return fence.jobId;
}

async function makeOld(name: string, hours: number): Promise<void> {
  const then = Date.now() / 1_000 - hours * 3_600;
  await utimes(join(folder, name), then, then);
}

const stored = async () => (await readdir(folder)).toSorted();

test("within its retention a job keeps its archive and its events", async () => {
  const id = await endedJob("one.zip");
  await makeOld("one.zip", 150);
  await sweepAfter("6 days 23 hours");
  expect(await stored()).toEqual(["one.zip"]);
  expect((await readEvents(database.orm, id, { after: 0, limit: 10 })).length).toBeGreaterThan(2);
});

test("after it archive and events are gone, the job says when, and no other job is touched", async () => {
  const ids = await Promise.all(Array.from({ length: 60 }, (_, n) => endedJob(`job-${String(n)}.zip`)));
  const running = await storeRunningJob(database.sql);
  await sweepAfter("7 days 1 hour");
  expect(await stored()).toEqual([]);
  for (const id of [ids[0], ids[59]]) {
    expect(await readJob(database.orm, id ?? "")).toMatchObject({
      state: { status: "succeeded", expiredAt: expect.any(Date) as Date },
    });
    expect(await readEvents(database.orm, id ?? "", { after: 0, limit: 10 })).toEqual([]);
  }
  expect((await readEvents(database.orm, running.jobId, { after: 0, limit: 10 })).length).toBeGreaterThan(1);
});

test("one round takes all that is due, however many of the jobs left no archive", async () => {
  const ids = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const fence = await storeRunningJob(database.sql);
      await endStoredJob(database.sql, fence, "failed", null);
      return fence.jobId;
    }),
  );
  await sweepAfter("8 days");
  for (const id of ids)
    expect(await readJob(database.orm, id)).toMatchObject({ state: { expiredAt: expect.any(Date) as Date } });
});

test("a job whose archive is gone already expires all the same", async () => {
  const id = await endedJob("lost.zip");
  await rm(join(folder, "lost.zip"));
  await sweepAfter("8 days");
  expect(await readJob(database.orm, id)).toMatchObject({ state: { expiredAt: expect.any(Date) as Date } });
});

test("an archive that no job names goes once it is older than any that is still being written", async () => {
  await endedJob("named.zip");
  for (const name of ["named.zip", "left.zip", "fresh.zip"]) await writeFile(join(folder, name), "a zip");
  await writeFile(join(folder, ".left.zip.0198c0de-0000-7000-8000-000000000000.part"), "half a zip");
  await writeFile(join(folder, "not ours.txt"), "a note");
  for (const name of await stored()) if (name !== "fresh.zip") await makeOld(name, 7);
  await sweepAfter("0 seconds");
  expect(await stored()).toEqual(["fresh.zip", "named.zip", "not ours.txt"]);
});
