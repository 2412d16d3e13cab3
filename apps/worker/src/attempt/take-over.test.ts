import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noTimings } from "@longshore/shared/contracts/job-view";
import { freshPlanView, type PlannedStepView } from "@longshore/shared/contracts/plan";
import type { SettledEnd } from "@longshore/shared/contracts/settled-end";
import { appendEvents, type JobProgress } from "@longshore/shared/db/append-events";
import type { Fence } from "@longshore/shared/db/fence";
import { readEvents } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { noteStoredEnd, settleEnd } from "@longshore/shared/db/settle-end";
import { DatabaseAway } from "@longshore/shared/db/database-away";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logLines, someArchive, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { takeLease } from "../../../../tests/support/take-lease.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { endedWith, numberedFrom } from "../pipeline/run-pipeline.testkit.ts";
import { type Engine, sandboxSaying, takingWorker } from "./take-over.testkit.ts";

const steps = [
  { kind: "shell" as const, command: "true", continue_on_error: false },
  { kind: "shell" as const, command: "false", continue_on_error: false },
];
const failure = {
  code: "step_failed" as const,
  message: "step 2 (shell) failed: it exited with code 1",
  step: 2,
};

const receipt = [
  expect.stringMatching(/^cancel: requested at 20\d\d-/) as string,
  expect.stringMatching(/^cancel: delivered/) as string,
  "cancel: the container is gone",
];

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "longshore-take-over-"));
});
afterAll(async () => {
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A running Job whose worker has come to its sandbox and the first words of its agent. */
async function startedJob(body: object = {}, progress: JobProgress = {}): Promise<Fence> {
  const fence = await storeRunningJob(database.sql, { steps, ...body });
  await appendEvents(database.sql, fence, 2, logLines("said"), {
    sandbox: { provider: "docker", runtime: "runc", warm: false },
    plan: { view: freshPlanView("explicit", 0, steps), promptVersion: null },
    ...{ planSteps: steps, agentSeq: 3, ...progress },
  });
  return fence;
}

/** The worker of the Attempt is gone, and another one takes it over. */
async function takeOver(fence: Fence, engine: Engine = {}) {
  await releaseLease(database.sql, fence);
  const worker = takingWorker(database, folder, engine);
  await worker.run();
  return worker;
}

const systemLines = async ({ jobId }: Fence) => {
  const log = await readEvents(database.orm, jobId, { after: 0, limit: 100 }, { type: "log" });
  return log.filter(({ stream }) => stream === "system").map(({ text }) => text);
};
const jobOf = ({ jobId }: Fence) => readJob(database.orm, jobId);
describe("a job of a worker that is gone", () => {
  test("is asked for at the engine with its place in the agent's frames, and with how often it has changed hands", async () => {
    const fence = await startedJob();
    const { adopted } = await takeOver(fence);
    expect(adopted).toMatchObject([{ jobId: fence.jobId, attempt: 1, epoch: 1, after: 3 }]);
    const again = await startedJob();
    const { adopted: twice } = await takeOver(again);
    expect(twice[0]?.token).not.toBe(adopted[0]?.token);
  });

  test("whose sandbox is gone too is queued again where it may be tried again, and its log says why", async () => {
    const fence = await startedJob({ max_attempts: 2 });
    await takeOver(fence);
    expect(await jobOf(fence)).toMatchObject({
      ...{ state: { status: "queued" }, attempt: 2, failedAttempts: 1 },
    });
    expect(await systemLines(fence)).toEqual([
      "the worker that ran this attempt is gone, and its sandbox cannot be adopted: it is not there",
    ]);
  });

  test("with no attempt left has failed as worker_lost, with an archive of what is known", async () => {
    const fence = await startedJob({ max_attempts: 1 });
    await takeOver(fence);
    expect(await jobOf(fence)).toMatchObject({
      state: { status: "failed", failure: { code: "worker_lost", step: null }, archive: { outputFiles: 0 } },
      attempt: 1,
    });
  });

  test("of which nothing ran begins anew without that being held against it, a few times", async () => {
    let fence = await storeRunningJob(database.sql, { steps, max_attempts: 3 });
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      expect(await jobOf(fence)).toMatchObject({ attempt, failedAttempts: 0 });
      await takeOver(fence);
      fence = { ...fence, attempt: attempt + 1 };
      await takeLease(database.sql, fence, { leaseSeconds: 30, engineId: "one" });
    }
    expect(await jobOf(fence)).toMatchObject({ attempt: 7, failedAttempts: 1 });
    expect((await systemLines(fence)).at(-1)).toContain("cannot be adopted");
  });

  test("that has a later owner is left alone", async () => {
    const fence = await startedJob();
    const { owner } = await takeOver(fence, { adopt: () => Promise.resolve({ type: "superseded" }) });
    expect(await jobOf(fence)).toMatchObject({ lastSeq: 3, state: { status: "running", lease: { owner } } });
  });

  test.each([null, { status: "succeeded" as const, failure: null }])(
    "whose engine does not answer stays as it is, for whoever takes it next (settled: %j)",
    async (settled) => {
      const fence = await startedJob({ max_attempts: 1 });
      if (settled !== null) await settleEnd(database.sql, fence, settled);
      const adopt = () => Promise.reject(new Error("the engine is away"));
      const { owner } = await takeOver(fence, { adopt });
      expect(await jobOf(fence)).toMatchObject({
        attempt: 1,
        state: { status: "running", lease: { owner } },
      });
      expect(await systemLines(fence)).toEqual([]);
      await takeOver({ ...fence, owner, epoch: 1 });
      expect(await jobOf(fence)).toMatchObject({
        state: { status: "failed", failure: { code: "worker_lost" } },
      });
    },
  );

  test("of another version of the worker gets a new attempt, and its sandbox is removed", async () => {
    const fence = await startedJob({}, { resume: { turn: "the first" } });
    const mine = { attempt: 1, epoch: 0, running: true, startedBy: null, createdAt: new Date() };
    const { removed, adopted } = await takeOver(fence, {
      sandboxes: [
        { ...mine, ref: "x", name: "of the job", jobId: fence.jobId },
        { ...mine, ref: "x", name: "of another", jobId: randomUUID() },
      ],
    });
    expect([removed, adopted]).toEqual([["of the job"], []]);
    expect(await jobOf(fence)).toMatchObject({ state: { status: "queued" }, attempt: 2, failedAttempts: 1 });
    expect((await systemLines(fence)).at(-1)).toContain("another version of the worker");
  });
});

describe("a sandbox that still runs", () => {
  const rest = [
    ...numberedFrom(3, endedWith(0), { type: "step_started", index: 2 }),
    ...numberedFrom(5, { ...endedWith(0), index: 2 }, "done"),
  ];
  const view = freshPlanView("explicit", 0, steps);
  const first = { ...view.steps[0], status: "running" as const, started_at: new Date(0).toISOString() };
  const inFirstStep = {
    plan: { view: { ...view, steps: view.steps.with(0, first as PlannedStepView) }, promptVersion: null },
  };

  test("is gone on with to the job's end, by the same attempt, and no step is told twice", async () => {
    const fence = await startedJob({ max_attempts: 1 }, inFirstStep);
    const { adopt, at } = sandboxSaying(rest);
    await takeOver(fence, { adopt });
    expect(await jobOf(fence)).toMatchObject({ attempt: 1, state: { status: "succeeded" } });
    expect(at.filter((each) => !each.startsWith("sent ack"))).toEqual(["ended", "removed"]);
    expect(await systemLines(fence)).toEqual([
      "the worker of this attempt is gone: another one goes on with the same sandbox",
    ]);
    const told = await readEvents(database.orm, fence.jobId, { after: 0, limit: 100 }, { type: "step" });
    expect(told.map(({ body }) => [body?.["index"], body?.["status"]])).toEqual([
      ...[
        [1, "succeeded"],
        [2, "running"],
        [2, "succeeded"],
      ],
    ]);
  });

  test("is gone on with also where the database goes away for a while before its agent is heard", async () => {
    const fence = await startedJob({ max_attempts: 1 }, inFirstStep);
    const { adopt } = sandboxSaying(rest);
    const asked = { tokens: 0, tails: 0 };
    await takeOver(fence, {
      adopt,
      changeStore: (store) => ({
        ...store,
        // The first token is for the adoption.
        resumeToken: (attempt) =>
          (asked.tokens += 1) === 2 ? Promise.reject(new DatabaseAway("away")) : store.resumeToken(attempt),
        stepTails: (attempt) =>
          (asked.tails += 1) === 1 ? Promise.reject(new DatabaseAway("away")) : store.stepTails(attempt),
      }),
    });
    expect(await jobOf(fence)).toMatchObject({ state: { status: "succeeded" } });
    expect(asked).toEqual({ tokens: 3, tails: 2 });
  });

  test("of a job that a model has planned is gone on with by a worker that has no model", async () => {
    const fence = await startedJob({ max_attempts: 1, steps: undefined }, inFirstStep);
    const { adopt } = sandboxSaying(rest);
    await takeOver(fence, { adopt });
    expect(await jobOf(fence)).toMatchObject({ state: { status: "succeeded" } });
  });

  test("is ended with a receipt where a cancel comes so late that only the settling of the end finds it", async () => {
    const fence = await startedJob({ max_attempts: 1 }, inFirstStep);
    const { adopt } = sandboxSaying(rest, () => requestCancel(database.sql, fence.jobId, 7));
    await takeOver(fence, { adopt });
    expect(await jobOf(fence)).toMatchObject({ state: { status: "cancelled" } });
    expect((await systemLines(fence)).slice(1)).toEqual(receipt);
  });
});

describe("an end that the former worker had settled on", () => {
  const settle = async (fence: Fence, end: Pick<SettledEnd, "status" | "failure">) => {
    const settled = await settleEnd(database.sql, fence, end);
    if (!settled.ok) throw new Error(settled.failure);
    return settled.value.finishedAt;
  };

  test.each([
    { status: "succeeded" as const, failure: null },
    { status: "failed" as const, failure },
  ])("with its archive is written as it is, and its sandbox removed: $status", async (end) => {
    const fence = await startedJob({ max_attempts: 3 });
    const finishedAt = await settle(fence, end);
    const timings = { ...noTimings, steps: 7, total: 9 };
    const stored = { finishedAt: finishedAt.toISOString(), timings, archive: someArchive };
    await noteStoredEnd(database.sql, fence, { ...end, stored });
    const record = { attempt: 1, epoch: 0, running: true, startedBy: null, createdAt: new Date() };
    const { removed, adopted } = await takeOver(fence, {
      sandboxes: [{ ...record, ref: "x", name: "of the job", jobId: fence.jobId }],
    });
    expect([removed, adopted]).toEqual([["of the job"], []]);
    expect(await jobOf(fence)).toMatchObject({
      ...{ attempt: 1, timings },
      state: {
        ...(end.failure === null ? { status: end.status } : end),
        archive: someArchive,
        finishedAt,
      },
    });
  });

  test("as a failure stands where its sandbox is gone, however often the job may be tried", async () => {
    const fence = await startedJob({ max_attempts: 3 });
    await settle(fence, { status: "failed", failure });
    await takeOver(fence);
    expect(await jobOf(fence)).toMatchObject({ attempt: 1, state: { status: "failed", failure } });
    expect((await jobOf(fence))?.plan?.view.steps.map(({ status }) => status)).toEqual([
      "skipped",
      "skipped",
    ]);
  });

  test("as a success is none where the sandbox is gone with its outputs: a new attempt is made", async () => {
    const fence = await startedJob({ max_attempts: 3 });
    await settle(fence, { status: "succeeded", failure: null });
    await takeOver(fence);
    expect(await jobOf(fence)).toMatchObject({ attempt: 2, failedAttempts: 1, state: { status: "queued" } });
  });
});

describe("a job that was to be cancelled when its worker went", () => {
  test.each([
    ["before anything ran", () => storeRunningJob(database.sql, { steps, max_attempts: 3 })],
    ["while it ran", () => startedJob({ max_attempts: 3 })],
  ])("is cancelled by who takes it over, and the log is the receipt: %s", async (_, started) => {
    const fence = await started();
    await requestCancel(database.sql, fence.jobId, 7);
    await takeOver(fence);
    expect(await jobOf(fence)).toMatchObject({ state: { status: "cancelled" } });
    expect(await systemLines(fence)).toEqual(receipt);
    const requestedAt = (await jobOf(fence))?.cancelRequestedAt?.toISOString();
    expect((await systemLines(fence))[0]).toBe(`cancel: requested at ${String(requestedAt)}`);
  });

  test("and had settled on that, is cancelled with the archive that is stored", async () => {
    const fence = await startedJob();
    await requestCancel(database.sql, fence.jobId, 7);
    const settled = await settleEnd(database.sql, fence, { status: "cancelled", failure: null });
    if (!settled.ok) throw new Error(settled.failure);
    const finishedAt = settled.value.finishedAt.toISOString();
    const stored = { finishedAt, timings: noTimings, archive: someArchive };
    await noteStoredEnd(database.sql, fence, { status: "cancelled", failure: null, stored });
    await takeOver(fence);
    expect(await jobOf(fence)).toMatchObject({ state: { status: "cancelled", archive: someArchive } });
    expect(await systemLines(fence)).toEqual(receipt);
  });
});
