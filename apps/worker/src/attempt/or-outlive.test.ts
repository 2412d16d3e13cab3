import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noTimings } from "@longshore/shared/contracts/job-view";
import { appendEvents } from "@longshore/shared/db/append-events";
import type { Fence } from "@longshore/shared/db/fence";
import { readEvents } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { noteStoredEnd, settleEnd } from "@longshore/shared/db/settle-end";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logLines, someArchive, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import type { Adoption, SandboxLife } from "../sandbox/sandbox-provider.ts";
import { type Engine, takingWorker } from "./take-over.testkit.ts";

const noAnswer = () => Promise.reject(new Error("no answer"));

/** Fault matrix row 11: an engine that answers for everything but one container, for ever. */
describe("a job of a worker that is gone, whose engine says nothing of its sandbox,", () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), "longshore-or-outlive-"));
  });
  afterAll(async () => {
    await database.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function startedJob(): Promise<Fence> {
    const fence = await storeRunningJob(database.sql, { max_attempts: 2 });
    await appendEvents(database.sql, fence, 2, logLines("said"), { agentSeq: 3 });
    return fence;
  }

  async function takeOver(fence: Fence, engine: Engine) {
    await releaseLease(database.sql, fence);
    const worker = takingWorker(database, folder, engine);
    await worker.run();
    return worker;
  }

  const jobOf = ({ jobId }: Fence) => readJob(database.orm, jobId);

  test("gets a new attempt once nobody has spoken to its agent for so long that it has ended itself", async () => {
    const fence = await startedJob();
    const { adopted } = await takeOver(fence, { adopt: noAnswer, life: () => "unknown" });
    expect(adopted).toHaveLength(1);
    expect(await jobOf(fence)).toMatchObject({ state: { status: "queued" }, attempt: 2, failedAttempts: 1 });
    const log = await readEvents(database.orm, fence.jobId, { after: 0, limit: 100 }, { type: "log" });
    expect(log.at(-1)?.text).toContain("the engine says nothing of it");
  });

  test("is cancelled where that was asked for, and its receipt does not say that the container is gone", async () => {
    const fence = await startedJob();
    await requestCancel(database.sql, fence.jobId, 7);
    await takeOver(fence, { adopt: noAnswer, life: () => "unknown" });
    expect(await jobOf(fence)).toMatchObject({ state: { status: "cancelled" }, attempt: 1 });
    const log = await readEvents(database.orm, fence.jobId, { after: 0, limit: 100 }, { type: "log" });
    expect(log.at(-1)?.text).toMatch(/^cancel: the engine does not say whether the container is gone/);
  });

  test("is gone on with in its sandbox where the engine answers for that again before", async () => {
    const fence = await startedJob();
    const said: SandboxLife[] = ["unknown", "running"];
    const answers: (() => Promise<Adoption>)[] = [noAnswer, () => Promise.resolve({ type: "superseded" })];
    const { owner } = await takeOver(fence, {
      adopt: () => answers.shift()?.() ?? noAnswer(),
      life: () => said.shift() ?? "gone",
    });
    expect([answers, said]).toEqual([[], []]);
    expect(await jobOf(fence)).toMatchObject({ state: { status: "running", lease: { owner } } });
  });

  test("ends as was settled where its archive is stored", async () => {
    const fence = await startedJob();
    const settled = await settleEnd(database.sql, fence, { status: "succeeded", failure: null });
    if (!settled.ok) throw new Error(settled.failure);
    const finishedAt = settled.value.finishedAt.toISOString();
    const stored = { finishedAt, timings: noTimings, archive: someArchive };
    await noteStoredEnd(database.sql, fence, { status: "succeeded", failure: null, stored });
    const { jobId } = fence;
    const record = { attempt: 1, epoch: 0, running: true, startedBy: null, createdAt: new Date() };
    await takeOver(fence, {
      sandboxes: [{ ...record, ref: "x", name: "of the job", jobId }],
      removeListed: noAnswer,
      life: () => "unknown",
    });
    expect(await jobOf(fence)).toMatchObject({ state: { status: "succeeded", archive: someArchive } });
  });
});
