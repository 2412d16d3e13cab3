import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseAway } from "@longshore/shared/db/database-away";
import { readJob } from "@longshore/shared/db/read-job";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { settleEnd } from "@longshore/shared/db/settle-end";
import { expect, onTestFinished, test } from "vitest";
import { storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import type { AttemptStore } from "./attempt-store.ts";
import { sandboxSaying, takingWorker } from "./take-over.testkit.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

/** Has a worker end a Job that is settled to have failed, on this store; gives what became of the sandbox, and the Job. */
async function endOn(changeStore: (store: AttemptStore) => AttemptStore) {
  const folder = await mkdtemp(join(tmpdir(), "longshore-end-unheard-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const steps = [{ kind: "shell" as const, command: "false", continue_on_error: false }];
  const fence = await storeRunningJob(database.sql, { steps, max_attempts: 2 });
  const failure = { code: "step_failed" as const, message: "it exited with code 1", step: 1 };
  await settleEnd(database.sql, fence, { status: "failed", failure });
  await releaseLease(database.sql, fence);
  const { at, adopt } = sandboxSaying([]);
  await takingWorker(database, folder, { adopt, changeStore }).run();
  return { at, state: (await readJob(database.orm, fence.jobId))?.state };
}

test("an end that is written, and whose answer is lost, leaves no sandbox: its owner removes that at once", async () => {
  let ends = 0;
  const { at, state } = await endOn((store) => ({
    ...store,
    end: async (...given) => {
      const answer = await store.end(...given);
      ends += 1;
      if (ends === 1) throw new DatabaseAway("the connection was cut before the answer came");
      return answer;
    },
  }));
  expect([ends, state]).toMatchObject([2, { status: "failed", failure: { code: "step_failed" } }]);
  expect(at.slice(-2)).toEqual(["ended", "removed"]);
}, 30_000);

test("an end that another owner has written meanwhile is that one's, and so is the sandbox", async () => {
  const { at, state } = await endOn((store) => ({
    ...store,
    end: async (fence, end) => {
      await database.sql`UPDATE jobs SET lease_epoch = lease_epoch + 1 WHERE id = ${fence.jobId}::uuid`;
      await store.end({ ...fence, epoch: fence.epoch + 1 }, end);
      return store.end(fence, end);
    },
  }));
  expect(state).toMatchObject({ status: "failed" });
  expect(at.at(-1)).toBe("detached");
  expect(at).not.toContain("removed");
}, 30_000);
