import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFileBlobStore } from "@longshore/shared/blob/create-file-blob-store";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { readDatabaseTime, takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import { readEvents } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { createStoreArchive } from "../archive/create-store-archive.ts";
import { createWriteArchive } from "../archive/write-archive.ts";
import { createAttemptRegistry } from "../attempt/attempt-registry.ts";
import { createAttemptStore } from "../attempt/attempt-store.ts";
import { createAttemptRunner } from "../attempt/run-attempt.ts";
import type { SandboxProvider, SandboxRecord } from "../sandbox/sandbox-provider.ts";
import { createWorkerMetrics } from "../worker-metrics.ts";
import { giveUpExpiredLeases } from "./give-up-expired-leases.ts";

const logger = createLogger("test", "fatal");
const leaseSeconds = 15;

let database: TestDatabase;
let later: Database;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase();
  // storeRunningJob takes a Lease of half a minute.
  later = connectDatabase({
    url: database.url,
    maxConnections: 6,
    applicationName: "later",
    clockShift: "1 minute",
  });
  folder = await mkdtemp(join(tmpdir(), "longshore-sweep-"));
});
afterEach(async () => {
  await later.close();
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The sweep of a worker that sees these Sandboxes on its engine; `removed` are those that it ended. */
function sweepOn(on: Database, sandboxes: readonly SandboxRecord[] = []) {
  const owner = randomUUID();
  const removed: string[] = [];
  const provider: SandboxProvider = {
    ...{ name: "none", runtime: "none", ping: () => Promise.resolve() },
    start: () => Promise.reject(new Error("nothing is started here")),
    list: () => Promise.resolve(sandboxes),
    removeByRef: (ref) => {
      removed.push(ref);
      return Promise.resolve();
    },
  };
  const runner = createAttemptRunner({
    ...{
      store: createAttemptStore(on, leaseSeconds),
      provider,
      owner,
      leaseSeconds,
      logger,
      retentionDays: 7,
    },
    gateway: {
      configured: false,
      plan: () => Promise.reject(new Error("nobody is asked here")),
      state: () => ({ primary: null, fallback: null }),
    },
    registry: createAttemptRegistry(),
    metrics: createWorkerMetrics(),
    storeArchive: createStoreArchive({
      ...{
        writeArchive: createWriteArchive({ blobStore: createFileBlobStore({ folder }) }),
        versions: {},
        logger,
      },
    }),
  });
  const sweep = giveUpExpiredLeases({
    readTime: () => readDatabaseTime(on.sql),
    takeExpired: (limit, asOf) => takeExpiredLeases(on.sql, owner, { leaseSeconds, limit, asOf }),
    giveUp: (row) => runner.giveUp(row),
    ...{ isOurs: () => false, leaseSeconds },
  });
  return { removed, run: () => sweep.run(new AbortController().signal) };
}

test("a job whose lease still runs is left alone", async () => {
  const { jobId } = await storeRunningJob(database.sql);
  await sweepOn(database).run();
  expect(await readJob(database.orm, jobId)).toMatchObject({ state: { status: "running" }, attempt: 1 });
});

test("a job of a worker that is gone is queued again where it may be tried again, its sandbox is gone, and its log says so", async () => {
  const { jobId } = await storeRunningJob(database.sql, { max_attempts: 2 });
  const mine = { attempt: 1, running: true, createdAt: new Date() };
  const { removed, run } = sweepOn(later, [
    { ...mine, ref: "of the job", jobId },
    { ...mine, ref: "of another", jobId: randomUUID() },
  ]);
  await run();
  expect(removed).toEqual(["of the job"]);
  expect(await readJob(database.orm, jobId)).toMatchObject({
    ...{ state: { status: "queued" }, attempt: 2, failedAttempts: 1 },
  });
  const log = await readEvents(database.orm, jobId, { after: 0, limit: 100 }, { type: "log" });
  expect(log.map(({ stream, text }) => [stream, text])).toEqual([
    ["system", "the worker that ran this attempt is gone"],
  ]);
});

test("with no attempt left it has failed as worker_lost, with an archive of what is known", async () => {
  const { jobId } = await storeRunningJob(database.sql, { max_attempts: 1 });
  await sweepOn(later).run();
  expect(await readJob(database.orm, jobId)).toMatchObject({
    state: { status: "failed", failure: { code: "worker_lost", step: null }, archive: { outputFiles: 0 } },
    attempt: 1,
  });
});

test("one that was to be cancelled is cancelled", async () => {
  const { jobId } = await storeRunningJob(database.sql, { max_attempts: 3 });
  await requestCancel(database.sql, jobId, 7);
  await sweepOn(later).run();
  expect(await readJob(database.orm, jobId)).toMatchObject({ state: { status: "cancelled" } });
});

test("two sweeps at once give each job up once", async () => {
  const fences = await Promise.all(Array.from({ length: 6 }, () => storeRunningJob(database.sql)));
  await Promise.all([sweepOn(later).run(), sweepOn(later).run()]);
  for (const { jobId } of fences)
    expect(await readJob(database.orm, jobId)).toMatchObject({ attempt: 2, failedAttempts: 1 });
});

test("one that cannot be given up does not keep the others from it, and the round has failed", async () => {
  const rows = Array.from({ length: 3 }, () => storeRunningJob(database.sql));
  const [broken] = await Promise.all(rows);
  const given: string[] = [];
  const sweep = giveUpExpiredLeases({
    readTime: () => readDatabaseTime(later.sql),
    takeExpired: (limit, asOf) => takeExpiredLeases(later.sql, randomUUID(), { leaseSeconds, limit, asOf }),
    ...{ isOurs: () => false, leaseSeconds },
    giveUp: ({ id }) => {
      if (id === broken?.jobId) return Promise.reject(new Error("the engine is away"));
      given.push(id);
      return Promise.resolve();
    },
  });
  await expect(sweep.run(new AbortController().signal)).rejects.toThrow("the engine is away");
  expect(given).toHaveLength(2);
});

test("an attempt that runs in this very process is not given up: taking its lease has renewed it", async () => {
  const owner = randomUUID();
  const { jobId } = await storeRunningJob(database.sql, {}, owner);
  const given: string[] = [];
  const sweep = giveUpExpiredLeases({
    readTime: () => readDatabaseTime(later.sql),
    takeExpired: (limit, asOf) => takeExpiredLeases(later.sql, owner, { leaseSeconds, limit, asOf }),
    giveUp: ({ id }) => Promise.resolve(void given.push(id)),
    isOurs: (id, attempt) => id === jobId && attempt === 1,
    leaseSeconds,
  });
  await sweep.run(new AbortController().signal);
  expect(given).toEqual([]);
  const until =
    await database.sql`SELECT FROM jobs WHERE lease_until > longshore_now() + interval '1 minute'`;
  expect(until).toHaveLength(1);
});

test("after a round in which the database was away nothing is taken for the length of a lease", async () => {
  await storeRunningJob(database.sql);
  let away = true;
  let given = 0;
  const sweep = giveUpExpiredLeases({
    readTime: () => (away ? Promise.reject(new Error("away")) : readDatabaseTime(later.sql)),
    takeExpired: (limit, asOf) => takeExpiredLeases(later.sql, randomUUID(), { leaseSeconds, limit, asOf }),
    giveUp: () => Promise.resolve(void (given += 1)),
    ...{ isOurs: () => false, leaseSeconds: 0.5 },
  });
  const { signal } = new AbortController();
  await expect(sweep.run(signal)).rejects.toThrow("away");
  away = false;
  const backAt = performance.now();
  await sweep.run(signal);
  expect(given).toBe(0);
  await expect.poll(() => sweep.run(signal).then(() => given), { timeout: 5_000, interval: 20 }).toBe(1);
  expect(performance.now() - backAt).toBeGreaterThan(450);
});

test("a database that runs the taking late takes nothing", async () => {
  await storeRunningJob(database.sql);
  const asOf = new Date((await readDatabaseTime(later.sql)).getTime() - 2_500);
  expect(await takeExpiredLeases(later.sql, randomUUID(), { leaseSeconds, limit: 9, asOf })).toEqual([]);
  expect(await takeExpiredLeases(later.sql, randomUUID(), { leaseSeconds, limit: 9 })).toHaveLength(1);
});
