import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { endStoredJob, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { LaterDatabases } from "../../../../tests/support/later-databases.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useFreshDatabases } from "../../../../tests/support/use-database.ts";
import { localTenant } from "../domain/access.ts";
import { deleteJob } from "./delete-job.ts";
import { expireJobs } from "./expire-jobs.ts";
import { mostSamples, readJobUse, readSamples, type Sample, storeSamples } from "./job-samples.ts";
import { closeRemovals, removeSomeEvents } from "./removals.ts";

let database: TestDatabase;
let later: LaterDatabases;
useFreshDatabases((...opened) => ([database, later] = opened));

const samples = (count: number): Sample[] =>
  Array.from({ length: count }, (_, at) => ({
    time: new Date(1_800_000_000_000 + at * 2_000),
    memoryBytes: 1_000_000 + at,
    cpuMs: at * 10,
  }));
const finish = async () => {
  while (await removeSomeEvents(database.sql)) continue;
  await closeRemovals(database.sql, 1_000);
};
const rows = async () => (await database.sql`SELECT FROM job_samples`).length;

test("the samples of an attempt are those that were stored last, as many as may be", async () => {
  const fence = await storeRunningJob(database.sql);
  await storeSamples(database.sql, fence, samples(1));
  await storeSamples(database.sql, fence, samples(mostSamples));
  expect(await readSamples(database.sql, fence)).toEqual(samples(mostSamples));
  await expect(storeSamples(database.sql, fence, samples(mostSamples + 1))).rejects.toThrow("are_whole");
  expect(await rows()).toBe(1);
});

test("an owner of before stores none, and neither does one of a job that has ended", async () => {
  const fence = await storeRunningJob(database.sql);
  await storeSamples(database.sql, { ...fence, epoch: fence.epoch + 1 }, samples(1));
  await storeSamples(database.sql, { ...fence, owner: randomUUID() }, samples(1));
  await storeSamples(database.sql, { ...fence, attempt: 2 }, samples(1));
  await endStoredJob(database.sql, fence, "failed", null);
  await storeSamples(database.sql, fence, samples(1));
  expect(await rows()).toBe(0);
});

test("a job's use is told to its tenant, with its limits", async () => {
  const fence = await storeRunningJob(database.sql, { limits: { memory_mb: 128, cpus: 0.5 } });
  const own = { jobId: fence.jobId, tenant: localTenant };
  expect(await readJobUse(database.sql, own)).toMatchObject({
    limits: { memory_mb: 128, cpus: 0.5 },
    ...{ expired: false, samples: [] },
  });
  await storeSamples(database.sql, fence, samples(2));
  const use = await readJobUse(database.sql, own);
  expect(use?.samples).toEqual(samples(2).map((sample) => ({ attempt: 1, ...sample })));
  expect(await readJobUse(database.sql, { ...own, tenant: "acme" })).toBeNull();
});

test("they go with what a job leaves, when it is deleted and when its retention is over", async () => {
  const [deleted, expired] = [await storeRunningJob(database.sql), await storeRunningJob(database.sql)];
  for (const fence of [deleted, expired]) {
    await storeSamples(database.sql, fence, samples(3));
    await endStoredJob(database.sql, fence, "failed", null);
  }
  await deleteJob(database.sql, deleted.jobId);
  await finish();
  expect(await rows()).toBe(1);
  expect(await expireJobs(later.after("8 days").sql, 10)).toBe(1);
  expect(await readJobUse(database.sql, { jobId: expired.jobId, tenant: localTenant })).toMatchObject({
    expired: true,
  });
  await finish();
  expect(await rows()).toBe(0);
});
