import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJob } from "@longshore/shared/db/read-job";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { settleEnd } from "@longshore/shared/db/settle-end";
import { expect, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { sandboxSaying, takingWorker } from "./take-over.testkit.ts";

const steps = [{ kind: "shell" as const, command: "true", continue_on_error: false }];

let database: TestDatabase;
useOneDatabase((made) => (database = made));

test("a settled success is left with its sandbox where its next worker is to hand over while it takes the outputs", async () => {
  await using lifetime = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "longshore-left-"));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
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
