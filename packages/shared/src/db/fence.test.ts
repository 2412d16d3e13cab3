import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  endStoredJob,
  logLines,
  someArchive,
  storeRunningJob,
} from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { noTimings } from "../contracts/job-view.ts";
import { appendEvents } from "./append-events.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { endJob, endJobs } from "./end-job.ts";
import { takeExpiredLeases } from "./expired-leases.ts";
import type { Fence } from "./fence.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";
import { releaseLease } from "./release-lease.ts";
import { renewLease, renewLeases } from "./renew-lease.ts";
import { requeueJob } from "./requeue-job.ts";
import { noteStoredEnd, settleEnd, settleEnds } from "./settle-end.ts";

let database: TestDatabase;
/** A minute from now. */
let later: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  later = connectDatabase({
    ...{ url: database.url, maxConnections: 4, applicationName: "later", clockShift: "1 minute" },
  });
});
afterAll(async () => {
  await later.close();
  await database.remove();
});

const failure = { code: "step_failed" as const, message: "exited with 3", step: 1 };
const stored = { finishedAt: "2026-01-01T00:00:00.000Z", timings: noTimings, archive: someArchive };
const end = {
  ...{ status: "failed" as const, failure, archive: someArchive, plan: null, timings: noTimings },
  ...{ finishedAt: new Date(), retentionDays: 7 },
};
const next = { delayMs: 1_000, countsAsFailed: true, reason: "the sandbox was lost" };

async function takeOver(owner: string): Promise<void> {
  await takeExpiredLeases(later.sql, owner, {
    ...{ leaseSeconds: -1, limit: 100, except: [], engineId: null, otherEngineAfterSeconds: 60 },
  });
}

/** Every write of a worker, and what each says. */
async function writeAll(fence: Fence): Promise<readonly unknown[]> {
  const { sql } = database;
  await releaseLease(sql, fence);
  return [
    await renewLease(sql, fence, 3_600, 5_000),
    await appendEvents(sql, fence, 2, logLines("late"), {
      node: "compile",
      agentSeq: 9,
      resume: { turn: 3 },
    }),
    await settleEnd(sql, fence, { status: "failed", failure }),
    await noteStoredEnd(sql, fence, { status: "failed", failure, stored }),
    await requeueJob(sql, fence, next),
    await endJob(sql, fence, end),
  ];
}
const refused = [null, ...Array<unknown>(5).fill({ ok: false, failure: "lease_lost" })];

/** The writes that several Attempts make in one statement, and what each says of this one, which is the second. */
async function writeTogether(other: Fence, fence: Fence): Promise<readonly unknown[]> {
  const { sql } = database;
  const fences = [other, fence];
  const settled = { status: "failed" as const, failure };
  return [
    (await renewLeases(sql, fences, { leaseSeconds: 30, boundMs: 5_000 }))[1],
    (
      await settleEnds(
        sql,
        fences.map((each) => ({ fence: each, end: settled })),
      )
    )[1],
    (
      await endJobs(
        sql,
        fences.map((each) => ({ fence: each, end })),
      )
    )[1],
  ];
}

const rowOf = async ({ jobId }: Fence) => (await database.sql`SELECT * FROM jobs WHERE id = ${jobId}`)[0];

test("once its Lease is lost a worker writes nothing, and the new owner all", async () => {
  const former = await storeRunningJob(database.sql);
  const owner = randomUUID();
  await takeOver(owner);
  const before = await rowOf(former);
  expect(await writeAll(former)).toEqual(refused);
  const present: Fence = { ...former, owner, epoch: 1 };
  expect(await writeAll({ ...present, attempt: 2 })).toEqual(refused);
  expect(await writeAll({ ...present, epoch: 0 })).toEqual(refused);
  expect(await rowOf(former)).toEqual(before);
  expect(await readEvents(database.orm, former.jobId, { after: 2, limit: 9 })).toEqual([]);
  await endStoredJob(database.sql, present, "succeeded");
  expect(await readJob(database.orm, former.jobId)).toMatchObject({ state: { status: "succeeded" } });
});

test("a Lease that came back to a worker is not the one that it had: what it had begun before writes nothing", async () => {
  const first = await storeRunningJob(database.sql);
  await takeOver(randomUUID());
  await takeOver(first.owner);
  const before = await rowOf(first);
  expect(before).toMatchObject({ leaseOwner: first.owner, leaseEpoch: 2 });
  for (const epoch of [0, 1, 3]) expect(await writeAll({ ...first, epoch })).toEqual(refused);
  expect(await rowOf(first)).toEqual(before);
  await endStoredJob(database.sql, { ...first, epoch: 2 }, "succeeded");
});

test("an append that got through is not recognised by an earlier ownership as its own", async () => {
  const first = await storeRunningJob(database.sql);
  await takeOver(randomUUID());
  await takeOver(first.owner);
  const batch = logLines("one");
  expect(await appendEvents(database.sql, { ...first, epoch: 2 }, 2, batch, {})).toEqual({
    ok: true,
    value: 3,
  });
  expect(await appendEvents(database.sql, { ...first, epoch: 2 }, 2, batch, {})).toEqual({
    ok: true,
    value: 3,
  });
  expect(await appendEvents(database.sql, first, 2, batch, {})).toEqual({ ok: false, failure: "lease_lost" });
});

test("what several Attempts write in one statement is written for those alone whose Lease holds", async () => {
  const lost = await storeRunningJob(database.sql);
  await takeOver(randomUUID());
  const before = await rowOf(lost);
  const held = await storeRunningJob(database.sql);
  expect(await writeTogether(held, lost)).toEqual([undefined, undefined, undefined]);
  expect(await rowOf(lost)).toEqual(before);
  expect(await readJob(database.orm, held.jobId)).toMatchObject({ state: { status: "failed", failure } });
  expect(await readEvents(database.orm, held.jobId, { after: 2, limit: 9 })).toMatchObject([
    { seq: 3, type: "state", body: { status: "failed", node: null, attempt: 1 } },
    { seq: 4, type: "end", body: { status: "failed", failure: { code: "step_failed", step: 1 } } },
  ]);
});

test("what several Attempts write in one statement waits for no row that somebody else holds", async () => {
  const [first, second] = [await storeRunningJob(database.sql), await storeRunningJob(database.sql)];
  await later.sql.begin(async (holding) => {
    await holding`SELECT FROM jobs WHERE id = ${second.jobId} FOR UPDATE`;
    expect(await writeTogether(first, second)).toEqual([undefined, undefined, undefined]);
  });
  expect(await readJob(database.orm, first.jobId)).toMatchObject({ state: { status: "failed" } });
  const settled = await settleEnd(database.sql, second, { status: "failed", failure });
  expect(settled).toMatchObject({ ok: true });
  expect(await endJob(database.sql, second, end)).toEqual({ ok: true, value: undefined });
});
