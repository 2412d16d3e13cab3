import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { appendEvents } from "@longshore/shared/db/append-events";
import { readJob } from "@longshore/shared/db/read-job";
import { releaseLease } from "@longshore/shared/db/release-lease";
import { expect, onTestFinished, test } from "vitest";
import { logLines, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import type { AttemptStore } from "./attempt-store.ts";
import { sandboxSaying, takingWorker } from "./take-over.testkit.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

/** A store that answers a `requeue` only when a renewal has come after it, and found no Lease. */
function answeringLate(store: AttemptStore): AttemptStore {
  const renewedInVain = Promise.withResolvers<void>();
  return {
    ...store,
    renewLease: async (...given) => {
      const answer = await store.renewLease(...given);
      if (answer === null) renewedInVain.resolve();
      return answer;
    },
    requeue: async (...given) => {
      const queued = await store.requeue(...given);
      await renewedInVain.promise;
      // By then the renewal's answer has been heard.
      await turn();
      return queued;
    },
  };
}

test("a renewal that comes after the job was queued again means nothing: the sandbox is removed by who ended it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "longshore-renewal-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const steps = [{ kind: "shell" as const, command: "true", continue_on_error: false }];
  const fence = await storeRunningJob(database.sql, { steps, max_attempts: 2 });
  await appendEvents(database.sql, fence, 2, logLines("said"), { planSteps: steps, agentSeq: 3 });
  await releaseLease(database.sql, fence);
  const lost = sandboxSaying([]);
  const worker = takingWorker(database, folder, {
    adopt: async () => {
      const adoption = await lost.adopt();
      return { ...adoption, sandbox: { ...adoption.sandbox, alive: () => Promise.resolve("gone") } };
    },
    changeStore: answeringLate,
  });
  await worker.run();
  expect(await readJob(database.orm, fence.jobId)).toMatchObject({ state: { status: "queued" }, attempt: 2 });
  expect(lost.at.slice(-2)).toEqual(["ended", "removed"]);
}, 30_000);
