import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  endStoredJob,
  newRequest,
  someArchive,
  storeJob,
  storeRunningJob,
} from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { newJobId } from "../domain/job-id.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { countJobs } from "./count-jobs.ts";
import {
  deleteExpiredEvents,
  expireIdempotencyKeys,
  expireJobs,
  findUnreferencedArchives,
} from "./expire-jobs.ts";
import { insertJob } from "./insert-job.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";
import { requeueJob } from "./requeue-job.ts";
import { toJobView } from "./to-job-view.ts";
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
    expect(await findUndelivered(database.sql, options)).toEqual([{ jobId, attempt: 1 }]);
    await markDispatched(database.sql, [{ jobId, attempt: 1 }]);
    expect(await findUndelivered(database.sql, options)).toEqual([]);
    expect(await findUndelivered(after("59 seconds").sql, options)).toEqual([]);
    expect(await findUndelivered(after("62 seconds").sql, options)).toEqual([{ jobId, attempt: 1 }]);
  });

  test("of a Job that is tried again are there once its pause is over", async () => {
    const fence = await storeRunningJob(database.sql);
    await markDispatched(database.sql, [fence]);
    await requeueJob(database.sql, fence, { delayMs: 10_000, countsAsFailed: true, reason: "lost" });
    expect(await findUndelivered(database.sql, options)).toEqual([]);
    const due = [{ jobId: fence.jobId, attempt: 2 }];
    expect(await findUndelivered(after("11 seconds").sql, options)).toEqual(due);
  });

  test("are not marked by a Message of an earlier Attempt", async () => {
    const fence = await storeRunningJob(database.sql);
    await requeueJob(database.sql, fence, { delayMs: 0, countsAsFailed: true, reason: "lost" });
    await markDispatched(database.sql, [fence]);
    expect(await findUndelivered(database.sql, options)).toEqual([{ jobId: fence.jobId, attempt: 2 }]);
  });

  test("come oldest first, and no more than the limit", async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push(await storeJob(database.sql));
    const found = await findUndelivered(database.sql, { ...options, limit: 3 });
    expect(found.map(({ jobId }) => jobId)).toEqual(ids.slice(0, 3));
  });
});

describe("the end of retention", () => {
  test("removes the Events, keeps the Job, and gives each archive to one sweeper of two", async () => {
    const fences = [];
    for (let count = 0; count < 10; count += 1) {
      const fence = await storeRunningJob(database.sql);
      await endStoredJob(database.sql, fence, "succeeded", { ...someArchive, key: `${String(count)}.zip` });
      fences.push(fence);
    }
    expect(await expireJobs(after("6 days 23 hours").sql, 100)).toEqual([]);
    const later = after("7 days 1 hour");
    const expired = await Promise.all([expireJobs(later.sql, 100), expireJobs(later.sql, 100)]);
    const keys = expired.flat().map(({ archiveKey }) => archiveKey);
    expect(keys.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual(
      Array.from({ length: 10 }, (_, index) => `${String(index)}.zip`),
    );
    const running = new AbortController().signal;
    await Promise.all([deleteExpiredEvents(later.sql, running), deleteExpiredEvents(later.sql, running)]);
    for (const { jobId } of fences) {
      expect(await readEvents(database.orm, jobId, { after: 0, limit: 10 })).toEqual([]);
      const job = await readJob(database.orm, jobId);
      if (job === null) throw new Error("the job is kept");
      expect(toJobView(job)).toMatchObject({
        status: "succeeded",
        output: null,
        download_link: `/download/${jobId}`,
      });
    }
  });

  test("takes no more Jobs at once than the limit", async () => {
    for (let count = 0; count < 5; count += 1)
      await endStoredJob(database.sql, await storeRunningJob(database.sql), "succeeded");
    const later = after("8 days");
    expect(await expireJobs(later.sql, 2)).toHaveLength(2);
    expect(await expireJobs(later.sql, 2)).toHaveLength(2);
    expect(await expireJobs(later.sql, 2)).toHaveLength(1);
  });

  test("removes millions of Events bit by bit, and goes on where it was cut off", async () => {
    const fence = await storeRunningJob(database.sql);
    await database.sql`UPDATE jobs SET last_seq = 25000 WHERE id = ${fence.jobId}`;
    await database.sql`
      INSERT INTO job_events (job_id, seq, attempt, type, stream, text)
      SELECT ${fence.jobId}::uuid, seq, 1, 'log', 'stdout', 'line' FROM generate_series(10, 25000) AS seq`;
    await endStoredJob(database.sql, fence, "failed", null);
    const { sql } = after("8 days");
    const left = async () =>
      (await database.sql`SELECT FROM job_events WHERE job_id = ${fence.jobId}`).length;
    expect(await expireJobs(sql, 10)).toEqual([{ jobId: fence.jobId, archiveKey: null }]);
    await deleteExpiredEvents(sql, AbortSignal.abort());
    expect(await left()).toBeGreaterThan(24_000);
    const cutOff = {
      asked: 0,
      get aborted() {
        return (this.asked += 1) > 2;
      },
    };
    // safety: nothing but `aborted` is read of it.
    await deleteExpiredEvents(sql, cutOff as unknown as AbortSignal);
    expect(await left()).toBeGreaterThan(4_000);
    expect(await left()).toBeLessThan(6_000);
    await deleteExpiredEvents(sql, new AbortController().signal);
    expect(await left()).toBe(0);
    const rows = await database.sql`SELECT FROM jobs WHERE events_deleted_at IS NOT NULL`;
    expect(rows).toHaveLength(1);
  });

  test("leaves what has not ended, however old", async () => {
    const queued = await storeJob(database.sql);
    const { jobId } = await storeRunningJob(database.sql);
    const { sql } = after("10 years");
    await expireJobs(sql, 100);
    await deleteExpiredEvents(sql, new AbortController().signal);
    for (const id of [queued, jobId])
      expect((await readEvents(database.orm, id, { after: 0, limit: 10 })).length).toBeGreaterThan(0);
  });

  test("makes an archive one that nobody can reach, like those that no Job names", async () => {
    const fence = await storeRunningJob(database.sql);
    await endStoredJob(database.sql, fence, "failed", { ...someArchive, key: "kept.zip" });
    const keys = ["kept.zip", "stray.zip"];
    expect(await findUnreferencedArchives(database.sql, keys)).toEqual(["stray.zip"]);
    await expireJobs(after("8 days").sql, 10);
    expect(await findUnreferencedArchives(database.sql, keys)).toEqual(keys);
    expect(await findUnreferencedArchives(database.sql, [])).toEqual([]);
  });

  test("of an idempotency key comes after a day", async () => {
    const idempotency = { caller: "", key: "k", bodySha256: "a".repeat(64) };
    await insertJob(database.sql, { id: newJobId(), request: newRequest(), idempotency });
    const count = async () => (await database.sql`SELECT FROM idempotency_keys`).length;
    await expireIdempotencyKeys(after("23 hours").sql, 10);
    expect(await count()).toBe(1);
    await expireIdempotencyKeys(after("25 hours").sql, 10);
    expect(await count()).toBe(0);
  });
});

describe("what is told of Jobs and workers", () => {
  test("counts Jobs by status and failure code, and the age of the oldest that is due", async () => {
    expect(await countJobs(database.sql)).toEqual({ byStatus: [], oldestQueuedSeconds: 0 });
    await storeJob(database.sql);
    await storeJob(database.sql);
    await endStoredJob(database.sql, await storeRunningJob(database.sql), "failed");
    const counts = await countJobs(after("90 seconds").sql);
    expect(counts.byStatus).toContainEqual({ status: "queued", code: null, count: 2 });
    expect(counts.byStatus).toContainEqual({ status: "failed", code: "step_failed", count: 1 });
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
