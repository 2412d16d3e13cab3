import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endStoredJob, logLines, storeJob, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { takeLease } from "../../../../tests/support/take-lease.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { appendEvents } from "./append-events.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { listen } from "./listen.ts";
import { eventsChannel } from "./notify-events.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";
import { renewLease } from "./renew-lease.ts";
import { requestCancel } from "./request-cancel.ts";
import { requeueJob } from "./requeue-job.ts";
import { findRunning } from "./running-attempts.ts";

let database: TestDatabase;
/** A minute from now. */
let later: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  later = connectDatabase({
    url: database.url,
    maxConnections: 4,
    applicationName: "later",
    clockShift: "1 minute",
  });
});
afterAll(async () => {
  await later.close();
  await database.remove();
});

const half = { leaseSeconds: 30, engineId: null };
const next = { delayMs: 1_000, countsAsFailed: true, reason: "the sandbox was lost" };

describe("the Lease of an Attempt", () => {
  test("goes to one of 20 workers that ask at once", async () => {
    const jobId = await storeJob(database.sql);
    const owners = Array.from({ length: 20 }, () => randomUUID());
    const rows = await Promise.all(
      owners.map((owner) => takeLease(database.sql, { jobId, attempt: 1, owner }, half)),
    );
    const taken = rows.filter((row) => row !== null);
    expect(taken).toHaveLength(1);
    expect(await findRunning(database.sql, [jobId, randomUUID()])).toEqual([
      { jobId, attempt: 1, owner: taken[0]?.leaseOwner },
    ]);
  });

  test("tells readers that the Job runs, and nobody where there is none to be taken", async () => {
    const jobId = await storeJob(database.sql);
    const heard: string[] = [];
    const unlisten = await listen(database.sql, eventsChannel, {
      onPayload: (payload) => heard.push(payload),
      onGap: () => undefined,
    });
    await takeLease(database.sql, { jobId, attempt: 1, owner: randomUUID() }, half);
    await expect.poll(() => heard).toContain(jobId);
    expect(await takeLease(database.sql, { jobId, attempt: 1, owner: randomUUID() }, half)).toBeNull();
    const last = await storeRunningJob(database.sql);
    await expect.poll(() => heard).toContain(last.jobId);
    expect(heard.filter((id) => id === jobId)).toHaveLength(1);
    await unlisten();
  });

  test("makes the Job running, with an Event, and gives the row that the worker needs", async () => {
    const jobId = await storeJob(database.sql, { steps: [{ kind: "shell", command: "true" }] });
    const owner = randomUUID();
    const row = await takeLease(
      database.sql,
      { jobId, attempt: 1, owner },
      { leaseSeconds: 30, engineId: "engine one" },
    );
    expect(row).toMatchObject({ id: jobId, status: "running", leaseOwner: owner, lastSeq: 2, agentSeq: 0 });
    expect(row).toMatchObject({ leaseEpoch: 0, engineId: "engine one", resume: null, settled: null });
    expect(row?.request).toMatchObject({ steps: [{ kind: "shell" }] });
    expect(row?.startedAt).toBeInstanceOf(Date);
    expect((row?.leaseUntil?.getTime() ?? 0) - Date.now()).toBeGreaterThan(25_000);
    expect(typeof row?.timings.queued).toBe("number");
    expect(await readEvents(database.orm, jobId, { after: 1, limit: 10 })).toMatchObject([
      { seq: 2, body: { status: "running", node: null, attempt: 1 } },
    ]);
  });

  test("is not there for another Attempt, an unknown, a cancelled or an ended Job", async () => {
    const [queued, cancelled] = [await storeJob(database.sql), await storeJob(database.sql)];
    await requestCancel(database.sql, cancelled, 7);
    const ended = await storeRunningJob(database.sql);
    await endStoredJob(database.sql, ended, "succeeded");
    const owner = randomUUID();
    for (const [jobId, attempt] of [
      [queued, 2],
      [randomUUID(), 1],
      [cancelled, 1],
      [ended.jobId, 1],
    ] as const) {
      expect(await takeLease(database.sql, { jobId, attempt, owner }, half)).toBeNull();
    }
  });

  test("is renewed by its owner alone, and the renewal tells when a cancel was asked for", async () => {
    const fence = await storeRunningJob(database.sql);
    expect(await renewLease(database.sql, fence, 30, 5_000)).toEqual({ cancelRequestedAt: null });
    await requestCancel(database.sql, fence.jobId, 7);
    const cancelRequestedAt = (await readJob(database.orm, fence.jobId))?.cancelRequestedAt;
    expect(cancelRequestedAt).toBeInstanceOf(Date);
    expect(await renewLease(database.sql, fence, 30, 5_000)).toEqual({ cancelRequestedAt });
    expect(await renewLease(database.sql, { ...fence, owner: randomUUID() }, 30, 5_000)).toBeNull();
    expect(await renewLease(database.sql, { ...fence, attempt: 2 }, 30, 5_000)).toBeNull();
  });
});

describe("queueing the next Attempt", () => {
  test("counts the Attempt on, keeps the Events, and says why in the log", async () => {
    const fence = await storeRunningJob(database.sql);
    await appendEvents(database.sql, fence, 2, logLines("one"), {
      node: "shell",
      agentSeq: 4,
      sandbox: { provider: "docker", runtime: "runc", warm: true },
    });
    expect(await requeueJob(database.sql, fence, next)).toEqual({ ok: true, value: 2 });
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({
      attempt: 2,
      failedAttempts: 1,
      sandbox: null,
      plan: null,
      lastSeq: 5,
      state: { status: "queued" },
    });
    expect(await readEvents(database.orm, fence.jobId, { after: 3, limit: 10 })).toMatchObject([
      { seq: 4, attempt: 1, type: "log", stream: "system", text: next.reason },
      { seq: 5, attempt: 2, type: "state", body: { status: "queued", node: null, attempt: 2 } },
    ]);
  });

  test("does not count a hand-over as a failure", async () => {
    const fence = await storeRunningJob(database.sql);
    await requeueJob(database.sql, fence, { ...next, countsAsFailed: false });
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({ attempt: 2, failedAttempts: 0 });
  });

  test("is refused once a cancel was asked for", async () => {
    const fence = await storeRunningJob(database.sql);
    await requestCancel(database.sql, fence.jobId, 7);
    expect(await requeueJob(database.sql, fence, next)).toEqual({ ok: false, failure: "cancel_requested" });
  });

  test("leaves the old Attempt nothing to take, and the new one its own numbers", async () => {
    const fence = await storeRunningJob(database.sql);
    await appendEvents(database.sql, fence, 2, [], { agentSeq: 9 });
    await requeueJob(database.sql, fence, next);
    expect(await takeLease(database.sql, fence, half)).toBeNull();
    const row = await takeLease(database.sql, { ...fence, attempt: 2 }, half);
    expect(row).toMatchObject({ attempt: 2, agentSeq: 0, lastSeq: 5 });
    expect(await appendEvents(database.sql, fence, 5, logLines("late"), {})).toEqual({
      ok: false,
      failure: "lease_lost",
    });
  });

  test("keeps the time at which the Job first started", async () => {
    const fence = await storeRunningJob(database.sql);
    const first = (await readJob(database.orm, fence.jobId))?.startedAt;
    await requeueJob(database.sql, fence, next);
    const row = await takeLease(later.sql, { ...fence, attempt: 2 }, half);
    expect(row?.startedAt).toEqual(first);
    expect(row?.attemptStartedAt?.getTime()).toBeGreaterThan((first?.getTime() ?? 0) + 50_000);
  });
});
