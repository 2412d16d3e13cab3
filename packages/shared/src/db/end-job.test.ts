import { describe, expect, test } from "vitest";
import {
  endStoredJob,
  logLines,
  someArchive,
  storeJob,
  storeRunningJob,
} from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { jobView, noTimings } from "../contracts/job-view.ts";
import type { SettledEnd } from "../contracts/settled-end.ts";
import type { JobFailure } from "../domain/failure.ts";
import { newJobId } from "../domain/job-id.ts";
import type { TerminalStatus } from "../domain/job-state.ts";
import { appendEvents } from "./append-events.ts";
import { endJob, type JobEnd } from "./end-job.ts";
import { listen } from "./listen.ts";
import { cancelChannel, readCancelSignal } from "./notify-events.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";
import { renewLease } from "./renew-lease.ts";
import { requestCancel } from "./request-cancel.ts";
import { requeueJob } from "./requeue-job.ts";
import { noteStoredEnd, settleEnd } from "./settle-end.ts";
import { toJobView } from "./to-job-view.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

const someFailure: JobFailure = { code: "timeout", message: "took too long", step: null };
const asSettled = (status: TerminalStatus) => ({ status, failure: status === "failed" ? someFailure : null });
const lost = { ok: false, failure: "lease_lost" };
const endAs = (status: JobEnd["status"], finishedAt: Date): JobEnd => ({
  status,
  failure: asSettled(status).failure,
  archive: someArchive,
  plan: null,
  timings: { ...noTimings, total: 5 },
  finishedAt,
  retentionDays: 3,
});

describe("the end of a Job", () => {
  test.each(["succeeded", "failed"] as const)(
    "as %s is written once, with its last Events",
    async (status) => {
      const fence = await storeRunningJob(database.sql);
      const settled = await settleEnd(database.sql, fence, asSettled(status));
      if (!settled.ok) throw new Error(settled.failure);
      const end = endAs(status, settled.value.finishedAt);
      const answers = await Promise.all(Array.from({ length: 10 }, () => endJob(database.sql, fence, end)));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      const job = await readJob(database.orm, fence.jobId);
      expect(job).toMatchObject({
        lastSeq: 4,
        timings: { total: 5 },
        state: { status, archive: someArchive },
      });
      if (job === null || !("expiresAt" in job.state)) throw new Error("the job has ended");
      expect(job.state.finishedAt).toEqual(settled.value.finishedAt);
      expect(job.state.expiresAt.getTime() - job.state.finishedAt.getTime()).toBe(3 * 86_400_000);
      expect(await readEvents(database.orm, fence.jobId, { after: 2, limit: 10 })).toMatchObject([
        { type: "state", body: { status, node: null, attempt: 1 } },
        { type: "end", body: { status, failure: status === "failed" ? { code: "timeout" } : null } },
      ]);
      expect(jobView.parse(toJobView(job))).toMatchObject({ status, output: { files: 2, bytes: 1_204 } });
    },
  );

  test("is not written before it is settled, nor as something else than was settled", async () => {
    const fence = await storeRunningJob(database.sql);
    expect(await endJob(database.sql, fence, endAs("succeeded", new Date()))).toEqual(lost);
    await settleEnd(database.sql, fence, asSettled("failed"));
    expect(await endJob(database.sql, fence, endAs("succeeded", new Date()))).toEqual(lost);
    expect((await settleEnd(database.sql, fence, asSettled("succeeded"))).ok).toBe(true);
    expect(await endJob(database.sql, fence, endAs("succeeded", new Date()))).toEqual({
      ok: true,
      value: undefined,
    });
  });

  test("leaves the former owner nothing to do", async () => {
    const fence = await storeRunningJob(database.sql);
    await endStoredJob(database.sql, fence, "succeeded");
    expect(await appendEvents(database.sql, fence, 4, logLines("late"), {})).toEqual(lost);
    expect(await settleEnd(database.sql, fence, asSettled("failed"))).toEqual(lost);
    expect(await renewLease(database.sql, fence, 30, 5_000)).toBeNull();
    expect(
      await requeueJob(database.sql, fence, { delayMs: 0, countsAsFailed: true, reason: "late" }),
    ).toEqual(lost);
  });

  test.each(["succeeded", "failed", "cancelled"] as const)(
    "as %s cannot be changed in any column, by any statement",
    async (status) => {
      const fence = await storeRunningJob(database.sql);
      if (status === "cancelled") await requestCancel(database.sql, fence.jobId, 7);
      await endStoredJob(database.sql, fence, status);
      const before = await readJob(database.orm, fence.jobId);
      for (const change of [
        `status = 'queued', finished_at = NULL, expires_at = NULL`,
        `status = 'running'`,
        `prompt = 'another'`,
        `last_seq = last_seq + 1`,
        `finished_at = finished_at + interval '1 second'`,
        `metadata = '{"a":"b"}'`,
        `archive_key = 'other'`,
        `dispatched_at = now()`,
      ]) {
        await expect(
          database.sql.unsafe(`UPDATE jobs SET ${change} WHERE id = '${fence.jobId}'`),
        ).rejects.toMatchObject({ code: "LS001" });
      }
      expect(await readJob(database.orm, fence.jobId)).toEqual(before);
    },
  );
});

describe("a settled end", () => {
  const stored = (finishedAt: Date): SettledEnd["stored"] => ({
    ...{ finishedAt: finishedAt.toISOString(), timings: { ...noTimings, total: 5 }, archive: someArchive },
  });
  const settledIn = async (jobId: string) =>
    (await database.sql<{ settled: SettledEnd | null }[]>`SELECT settled FROM jobs WHERE id = ${jobId}`)[0]
      ?.settled;

  test("is in the row whole, for who takes over, first without its archive and then with it", async () => {
    const fence = await storeRunningJob(database.sql);
    const settled = await settleEnd(database.sql, fence, asSettled("failed"));
    if (!settled.ok) throw new Error(settled.failure);
    expect(await settledIn(fence.jobId)).toEqual({ ...asSettled("failed"), stored: null });
    const end = { ...asSettled("failed"), stored: stored(settled.value.finishedAt) };
    expect(await noteStoredEnd(database.sql, fence, end)).toEqual({ ok: true, value: undefined });
    expect(await settledIn(fence.jobId)).toEqual(end);
    await endJob(database.sql, fence, endAs("failed", settled.value.finishedAt));
    expect(await settledIn(fence.jobId)).toBeNull();
  });

  test("is not noted as stored where another, or none, was settled, nor by another owner", async () => {
    const fence = await storeRunningJob(database.sql);
    const end = { ...asSettled("succeeded"), stored: stored(new Date()) };
    expect(await noteStoredEnd(database.sql, fence, end)).toEqual(lost);
    await settleEnd(database.sql, fence, asSettled("failed"));
    expect(await noteStoredEnd(database.sql, fence, end)).toEqual(lost);
    await settleEnd(database.sql, fence, asSettled("succeeded"));
    expect(await noteStoredEnd(database.sql, { ...fence, owner: newJobId() }, end)).toEqual(lost);
    expect(await settledIn(fence.jobId)).toEqual({ ...asSettled("succeeded"), stored: null });
  });

  test("that a cancel kept from being settled is not in the row", async () => {
    const fence = await storeRunningJob(database.sql);
    await requestCancel(database.sql, fence.jobId, 7);
    await settleEnd(database.sql, fence, asSettled("succeeded"));
    expect(await settledIn(fence.jobId)).toBeNull();
    const settled = await settleEnd(database.sql, fence, asSettled("cancelled"));
    const { cancelRequestedAt } = (await readJob(database.orm, fence.jobId)) ?? {};
    expect(settled).toMatchObject({ ok: true, value: { cancelRequestedAt } });
    expect(await settledIn(fence.jobId)).toEqual({ ...asSettled("cancelled"), stored: null });
  });

  test("is forgotten where the Job is queued again after all", async () => {
    const fence = await storeRunningJob(database.sql);
    await settleEnd(database.sql, fence, asSettled("succeeded"));
    await requeueJob(database.sql, fence, { delayMs: 0, countsAsFailed: true, reason: "outputs lost" });
    expect(await settledIn(fence.jobId)).toBeNull();
  });
});

describe("a cancel", () => {
  test("of a running Job is told to its worker with the time at which it was first asked for", async () => {
    const fence = await storeRunningJob(database.sql);
    const heard: string[] = [];
    const unlisten = await listen(database.sql, cancelChannel, {
      onPayload: (payload) => heard.push(payload),
      onGap: () => undefined,
    });
    await requestCancel(database.sql, fence.jobId, 7);
    await requestCancel(database.sql, fence.jobId, 7);
    await expect.poll(() => heard).toHaveLength(2);
    const requestedAt = (await readJob(database.orm, fence.jobId))?.cancelRequestedAt;
    for (const payload of heard)
      expect(readCancelSignal(payload)).toEqual({ jobId: fence.jobId, requestedAt });
    await unlisten();
  });

  test("of a queued Job ends it at once, with a line of the log that says so, and the second time changes nothing", async () => {
    const jobId = await storeJob(database.sql);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => requestCancel(database.sql, jobId, 7)),
    );
    expect(answers.filter((status) => status === "cancelled")).toHaveLength(1);
    expect(answers.filter((status) => status === null)).toHaveLength(9);
    const job = await readJob(database.orm, jobId);
    expect(job).toMatchObject({ startedAt: null, state: { status: "cancelled", archive: null } });
    expect(typeof job?.timings.total).toBe("number");
    const events = await readEvents(database.orm, jobId, { after: 1, limit: 10 });
    expect(events).toMatchObject([
      {
        seq: 2,
        type: "log",
        stream: "system",
        text: expect.stringMatching(/^cancel: requested while/) as string,
      },
      { seq: 3, type: "state", body: { status: "cancelled", node: null, attempt: 1 } },
      { seq: 4, type: "end", body: { status: "cancelled", failure: null } },
    ]);
    if (job !== null)
      expect(jobView.parse(toJobView(job))).toMatchObject({ output: null, download_link: null });
  });

  test("of a running Job is noted once, and its worker can then end it as cancelled alone", async () => {
    const fence = await storeRunningJob(database.sql);
    expect(await requestCancel(database.sql, fence.jobId, 7)).toBe("running");
    const first = (await readJob(database.orm, fence.jobId))?.cancelRequestedAt;
    expect(await requestCancel(database.sql, fence.jobId, 7)).toBe("running");
    expect((await readJob(database.orm, fence.jobId))?.cancelRequestedAt).toEqual(first);
    for (const status of ["succeeded", "failed"] as const) {
      expect(await settleEnd(database.sql, fence, asSettled(status))).toEqual({
        ok: false,
        failure: "cancel_requested",
      });
    }
    await endStoredJob(database.sql, fence, "cancelled", null);
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({
      cancelRequestedAt: first,
      state: { status: "cancelled", archive: null },
    });
  });

  test("that comes after the end was settled is too late", async () => {
    const fence = await storeRunningJob(database.sql);
    const settled = await settleEnd(database.sql, fence, asSettled("succeeded"));
    expect(await requestCancel(database.sql, fence.jobId, 7)).toBeNull();
    if (!settled.ok) throw new Error(settled.failure);
    await endJob(database.sql, fence, endAs("succeeded", settled.value.finishedAt));
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({
      cancelRequestedAt: null,
      state: { status: "succeeded" },
    });
  });

  test("and the settling of an end, both at once, leave one winner each time", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const fence = await storeRunningJob(database.sql);
        const [settled, cancelled] = await Promise.all([
          settleEnd(database.sql, fence, asSettled("succeeded")),
          requestCancel(database.sql, fence.jobId, 7),
        ]);
        return { settled: settled.ok, cancelled: cancelled !== null };
      }),
    );
    for (const { settled, cancelled } of outcomes) expect(settled).toBe(!cancelled);
  });

  test("of an ended or an unknown Job changes nothing", async () => {
    const fence = await storeRunningJob(database.sql);
    await endStoredJob(database.sql, fence, "failed", null);
    expect(await requestCancel(database.sql, fence.jobId, 7)).toBeNull();
    expect(await requestCancel(database.sql, "01980000-0000-7000-8000-000000000000", 7)).toBeNull();
  });

  test("of a Job that waits for its next Attempt ends it with that Attempt's number", async () => {
    const fence = await storeRunningJob(database.sql);
    await requeueJob(database.sql, fence, { delayMs: 60_000, countsAsFailed: true, reason: "lost" });
    expect(await requestCancel(database.sql, fence.jobId, 7)).toBe("cancelled");
    expect(await readJob(database.orm, fence.jobId)).toMatchObject({
      attempt: 2,
      state: { status: "cancelled" },
    });
  });
});
