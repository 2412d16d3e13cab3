import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { readDatabaseTime, takeExpiredLeases, type TakeOptions } from "./expired-leases.ts";
import { releaseLease } from "./release-lease.ts";

let database: TestDatabase;
/** So long after now; the Leases here are taken for half a minute. */
let inSeconds: Record<60 | 104 | 106, Database>;
beforeAll(async () => {
  database = await createTestDatabase();
  const after = (seconds: number) =>
    connectDatabase({
      ...{ url: database.url, maxConnections: 4, applicationName: "later" },
      clockShift: `${String(seconds)} seconds`,
    });
  inSeconds = { 60: after(60), 104: after(104), 106: after(106) };
});
beforeEach(async () => {
  await database.sql`DELETE FROM job_events`;
  await database.sql`TRUNCATE jobs CASCADE`;
});
afterAll(async () => {
  for (const each of Object.values(inSeconds)) await each.close();
  await database.remove();
});

const options: TakeOptions = {
  ...{ leaseSeconds: 600, limit: 100, except: [], engineId: null, otherEngineAfterSeconds: 75 },
};
const take = (on: Database, changes: Partial<TakeOptions> = {}, owner: string = randomUUID()) =>
  takeExpiredLeases(on.sql, owner, { ...options, ...changes });
const idsOf = async (rows: ReturnType<typeof take>) => (await rows).map(({ id }) => id);

describe("a Lease that is over", () => {
  test("goes to one of two sweepers, once, and is counted as having changed hands", async () => {
    const fences = [];
    for (let count = 0; count < 10; count += 1) fences.push(await storeRunningJob(database.sql));
    const sweepers = [randomUUID(), randomUUID()];
    const taken = await Promise.all(sweepers.map((owner) => take(inSeconds[60], {}, owner)));
    const ids = taken.flat().map(({ id }) => id);
    expect(ids.toSorted()).toEqual(fences.map(({ jobId }) => jobId).toSorted());
    for (const [index, rows] of taken.entries())
      for (const row of rows) expect(row).toMatchObject({ leaseOwner: sweepers[index], leaseEpoch: 1 });
    expect(await take(inSeconds[60])).toEqual([]);
  });

  test("is counted on each time that it changes hands, also back to an earlier owner", async () => {
    const { jobId, owner } = await storeRunningJob(database.sql);
    for (const [epoch, next] of [randomUUID(), owner, owner].entries()) {
      const rows = await take(inSeconds[60], { leaseSeconds: -1 }, next);
      expect(rows).toMatchObject([{ id: jobId, leaseOwner: next, leaseEpoch: epoch + 1 }]);
    }
  });

  test("is taken no more than the limit at once", async () => {
    for (let count = 0; count < 3; count += 1) await storeRunningJob(database.sql);
    expect(await take(inSeconds[60], { limit: 2 })).toHaveLength(2);
    expect(await take(inSeconds[60], { limit: 2 })).toHaveLength(1);
  });

  test("of a Job that runs in the asking process itself is left to it", async () => {
    const [own, other] = [await storeRunningJob(database.sql), await storeRunningJob(database.sql)];
    const except = [own.jobId, randomUUID()];
    expect(await idsOf(take(inSeconds[60], { except }))).toEqual([other.jobId]);
  });

  test("is not taken by a statement that comes to run long after it was asked for", async () => {
    await storeRunningJob(database.sql);
    const asOf = new Date((await readDatabaseTime(inSeconds[60].sql)).getTime() - 2_500);
    expect(await take(inSeconds[60], { asOf })).toEqual([]);
    expect(await take(inSeconds[60])).toHaveLength(1);
  });
});

test("a Lease that is not over stays with its owner", async () => {
  await storeRunningJob(database.sql);
  expect(await take(database)).toEqual([]);
});

describe("an Attempt whose container is on a known engine", () => {
  const storeOn = (engineId: string | null) => storeRunningJob(database.sql, {}, randomUUID(), engineId);

  test("goes to workers of that engine at once, and to others when the container must have ended itself", async () => {
    const { jobId } = await storeOn("one");
    for (const engineId of ["two", null]) {
      expect(await take(inSeconds[60], { engineId })).toEqual([]);
      expect(await take(inSeconds[104], { engineId })).toEqual([]);
    }
    expect(await take(inSeconds[60], { engineId: "one", leaseSeconds: -1 })).toMatchObject([{ id: jobId }]);
  });

  test.each(["two", null])("is on the engine of who has taken it late: %s", async (engineId) => {
    await storeOn("one");
    expect(await take(inSeconds[106], { engineId })).toMatchObject([{ engineId }]);
  });

  test("that nobody knows goes to anybody, and is known from then on", async () => {
    const { jobId } = await storeOn(null);
    expect(await take(inSeconds[60], { engineId: "two" })).toMatchObject([{ id: jobId, engineId: "two" }]);
  });
});

describe("a Lease that is let go", () => {
  test("is there at once for another worker, with the Job running as before", async () => {
    const fence = await storeRunningJob(database.sql);
    await releaseLease(database.sql, fence);
    const rows = await take(database);
    expect(rows).toMatchObject([{ id: fence.jobId, status: "running", attempt: 1, leaseEpoch: 1 }]);
  });

  test.each([
    ["another worker", { owner: randomUUID() }],
    ["another attempt", { attempt: 2 }],
    ["an earlier ownership of the same worker", { epoch: 1 }],
  ])("is not that of %s", async (_, other) => {
    const fence = await storeRunningJob(database.sql);
    await releaseLease(database.sql, { ...fence, ...other });
    expect(await take(database)).toEqual([]);
  });
});
