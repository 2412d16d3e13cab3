import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endStoredJob, storeJob, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { countJobs } from "./count-jobs.ts";
import { requeueJob } from "./requeue-job.ts";
import { findUndelivered, markDispatched } from "./undelivered-jobs.ts";
import { listLiveWorkers, recordWorker, removeSilentWorkers, removeWorker } from "./worker-reports.ts";

let database: TestDatabase;
let opened: Database[];
beforeEach(async () => {
  database = await createTestDatabase();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await database.remove();
});

/** The same database, at another time. */
const after = (clockShift: string): Database => {
  const later = connectDatabase({
    ...{ url: database.url, maxConnections: 4, applicationName: "later" },
    clockShift,
  });
  opened.push(later);
  return later;
};
const options = { reofferAfterSeconds: 60, limit: 100 };

describe("undelivered Attempts", () => {
  test("are those that are due and were never dispatched, or so long ago that the Message may be lost", async () => {
    const jobId = await storeJob(database.sql);
    await storeRunningJob(database.sql);
    const message = { jobId, attempt: 1 };
    expect(await findUndelivered(database.sql, options)).toEqual([{ message, dispatched: false }]);
    await markDispatched(database.sql, [message]);
    expect(await findUndelivered(database.sql, options)).toEqual([]);
    expect(await findUndelivered(after("59 seconds").sql, options)).toEqual([]);
    expect(await findUndelivered(after("62 seconds").sql, options)).toEqual([{ message, dispatched: true }]);
  });

  test("of a Job that is tried again are there once its pause is over", async () => {
    const fence = await storeRunningJob(database.sql);
    await markDispatched(database.sql, [fence]);
    await requeueJob(database.sql, fence, { delayMs: 10_000, countsAsFailed: true, reason: "lost" });
    expect(await findUndelivered(database.sql, options)).toEqual([]);
    const due = [{ message: { jobId: fence.jobId, attempt: 2 }, dispatched: false }];
    expect(await findUndelivered(after("11 seconds").sql, options)).toEqual(due);
  });

  test("are not marked by a Message of an earlier Attempt", async () => {
    const fence = await storeRunningJob(database.sql);
    await requeueJob(database.sql, fence, { delayMs: 0, countsAsFailed: true, reason: "lost" });
    await markDispatched(database.sql, [fence]);
    const due = [{ message: { jobId: fence.jobId, attempt: 2 }, dispatched: false }];
    expect(await findUndelivered(database.sql, options)).toEqual(due);
  });

  test("are marked though somebody else has one of them in hand, which is passed over", async () => {
    const [held, free] = [await storeJob(database.sql), await storeJob(database.sql)];
    const messages = [held, free].map((jobId) => ({ jobId, attempt: 1 }));
    await database.sql.begin(async (holding) => {
      await holding`UPDATE jobs SET node = node WHERE id = ${held}`;
      await markDispatched(database.sql, messages);
    });
    const left = await findUndelivered(database.sql, options);
    expect(left.map(({ message }) => message.jobId)).toEqual([held]);
  });

  test("come oldest first, and no more than the limit", async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push(await storeJob(database.sql));
    const found = await findUndelivered(database.sql, { ...options, limit: 3 });
    expect(found.map(({ message }) => message.jobId)).toEqual(ids.slice(0, 3));
  });
});

describe("what is told of Jobs and workers", () => {
  test("counts the Jobs that have not ended, and tells the age of the oldest that is due", async () => {
    expect(await countJobs(database.sql)).toEqual({ queued: 0, running: 0, oldestQueuedSeconds: 0 });
    await storeJob(database.sql);
    await storeJob(database.sql);
    await endStoredJob(database.sql, await storeRunningJob(database.sql), "failed");
    await storeRunningJob(database.sql);
    const counts = await countJobs(after("90 seconds").sql);
    expect(counts).toMatchObject({ queued: 2, running: 1 });
    expect(counts.oldestQueuedSeconds).toBeGreaterThan(89);
  });

  test("lists the workers that were heard of lately, with their last report", async () => {
    const ok = { state: "ok", reason: null } as const;
    const report = { engine: ok, models: ok, queue: ok, running: 0, concurrency: 4, metrics: [{ a: 1 }] };
    const worker = { id: randomUUID(), name: "one", version: "1" };
    await recordWorker(database.sql, worker, report);
    await recordWorker(database.sql, worker, { ...report, running: 2 });
    expect(await listLiveWorkers(database.sql, 15)).toMatchObject([
      { ...worker, report: { ...report, running: 2 } },
    ]);
    expect(await listLiveWorkers(after("20 seconds").sql, 15)).toEqual([]);
    await removeSilentWorkers(after("23 hours").sql);
    expect(await listLiveWorkers(database.sql, 15)).toHaveLength(1);
    await removeSilentWorkers(after("25 hours").sql);
    expect(await listLiveWorkers(database.sql, 15)).toEqual([]);
    await recordWorker(database.sql, worker, report);
    await removeWorker(database.sql, worker.id);
    expect(await listLiveWorkers(database.sql, 15)).toEqual([]);
  });
});
