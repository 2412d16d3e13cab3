import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJob } from "@longshore/shared/db/read-job";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { settleEnd } from "@longshore/shared/db/settle-end";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { sandboxSaying, takingWorker } from "./take-over.testkit.ts";

const steps = [{ kind: "shell" as const, command: "true", continue_on_error: false }];

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

test("a settled success is left with its sandbox where its next worker is to hand over while it takes the outputs", async () => {
  const fence = await storeRunningJob(database.sql, { steps, max_attempts: 1 });
  const settled = await settleEnd(database.sql, fence, { status: "succeeded", failure: null });
  expect(settled.ok).toBe(true);
  await releaseLease(database.sql, fence);
  const { adopt, at } = sandboxSaying([], () => {
    worker.handOver();
    return Promise.reject(new Error("the outputs broke off"));
  });
  const worker = takingWorker(database, folder, { adopt });
  await worker.run();
  expect(new Set(at.filter((each) => !each.startsWith("sent ack")))).toEqual(new Set(["detached"]));
  expect(await readJob(database.orm, fence.jobId)).toMatchObject({
    attempt: 1,
    failedAttempts: 0,
    state: { status: "running" },
  });
  await takingWorker(database, folder, sandboxSaying([])).run();
  expect(await readJob(database.orm, fence.jobId)).toMatchObject({
    attempt: 1,
    state: { status: "succeeded" },
  });
});
