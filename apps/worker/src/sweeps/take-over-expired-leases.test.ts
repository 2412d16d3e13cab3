import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobRow } from "@longshore/shared/db/job-record";
import { readJob } from "@longshore/shared/db/read-job";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { takingWorker } from "../attempt/take-over.testkit.ts";
import { type ExpiredLeaseDeps, takeOverExpiredLeases } from "./take-over-expired-leases.ts";

const logger = createLogger("test", "fatal");

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "longshore-sweep-"));
});
afterAll(async () => {
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

async function storeLeftJob(): Promise<string> {
  const fence = await storeRunningJob(database.sql, { steps: [{ kind: "shell", command: "true" }] });
  await releaseLease(database.sql, fence);
  return fence.jobId;
}

test("a job whose lease still runs is left alone", async () => {
  const { jobId, owner } = await storeRunningJob(database.sql);
  await takingWorker(database, folder).run();
  expect(await readJob(database.orm, jobId)).toMatchObject({
    ...{ state: { status: "running", lease: { owner } }, attempt: 1 },
  });
});

test("two sweeps at once take each job over once", async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, storeLeftJob));
  const workers = [takingWorker(database, folder), takingWorker(database, folder)];
  await Promise.all(workers.map((worker) => worker.run()));
  const adopted = workers.flatMap((worker) => worker.adopted.map(({ jobId }) => jobId));
  expect(adopted.toSorted()).toEqual(ids.toSorted());
  for (const jobId of ids) expect(await readJob(database.orm, jobId)).toMatchObject({ attempt: 2 });
});

test("a job that is being taken over is not taken a second time by the same worker, however long it takes", async () => {
  const jobId = await storeLeftJob();
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  const worker = takingWorker(database, folder, {
    adopt: async () => {
      await asked;
      return { type: "gone", reason: "it is not there" };
    },
  });
  const first = worker.run();
  await expect.poll(() => worker.adopted.length).toBe(1);
  await database.sql`UPDATE jobs SET lease_until = longshore_now() - interval '1 minute' WHERE id = ${jobId}`;
  const second = worker.run();
  const epoch = await database.sql`SELECT lease_epoch FROM jobs WHERE id = ${jobId}`;
  answer();
  await Promise.all([first, second]);
  expect(epoch).toEqual([{ leaseEpoch: 1 }]);
  expect(worker.adopted).toHaveLength(1);
});

// safety: the sweep reads nothing but the id.
const row = (id: string) => ({ id }) as JobRow;

/** A sweep that finds these Jobs in each round; `taken` are those that it has taken over. */
function sweepOver(ids: readonly string[], changes: Partial<ExpiredLeaseDeps> = {}) {
  const taken: string[] = [];
  const sweep = takeOverExpiredLeases({
    readTime: () => Promise.resolve(new Date()),
    takeExpired: () => Promise.resolve(ids.map(row)),
    takeOver: (lease) => Promise.resolve(void taken.push(lease.row.id)),
    ...{ leaseSeconds: 0.5, logger, ...changes },
  });
  return { taken, run: () => sweep.run(new AbortController().signal) };
}

test("one that cannot be taken over does not keep the others from it, and the round goes on to the next", async () => {
  const tried: string[] = [];
  const { run } = sweepOver(["a", "b", "c"], {
    takeOver: ({ row: { id } }) => {
      tried.push(id);
      return id === "a" ? Promise.reject(new Error("the engine is away")) : Promise.resolve();
    },
  });
  await run();
  await run();
  expect(tried).toEqual(["a", "b", "c", "a", "b", "c"]);
});

test("a round does not wait for what it has taken over, which may take as long as the job", async () => {
  const { run } = sweepOver(["a"], { takeOver: () => new Promise(() => undefined) });
  await run();
});

test("the lease counts from before it was asked for", async () => {
  const leases: number[] = [];
  const askedAt: number[] = [];
  const { run } = sweepOver([], {
    takeExpired: () => {
      askedAt.push(performance.now());
      return new Promise((resolve) => setTimeout(() => resolve([row("a")]), 20));
    },
    takeOver: ({ takenAt }) => Promise.resolve(void leases.push(takenAt)),
  });
  await run();
  expect(leases[0]).toBeLessThanOrEqual(askedAt[0] ?? 0);
});

test("after a round in which the database was away nothing is taken for the length of a lease", async () => {
  let away = true;
  const { run, taken } = sweepOver(["a"], {
    readTime: () => (away ? Promise.reject(new Error("away")) : Promise.resolve(new Date())),
  });
  await expect(run()).rejects.toThrow("away");
  away = false;
  const backAt = performance.now();
  await run();
  expect(taken).toEqual([]);
  await expect.poll(() => run().then(() => taken.length), { timeout: 5_000, interval: 20 }).toBe(1);
  expect(performance.now() - backAt).toBeGreaterThan(450);
});

test("a first round, of a worker that was just started, takes at once what was left", async () => {
  const { run, taken } = sweepOver(["a"]);
  await run();
  expect(taken).toEqual(["a"]);
});
