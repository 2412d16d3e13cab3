import { localCaller } from "@longshore/shared/domain/access";
import { expect, test } from "vitest";
import { createEventSignals } from "../streaming/event-signals.ts";
import { createCancelJob } from "./cancel-job.ts";

test("who waits for the end of a job that is deleted meanwhile is told at once that there is none", async () => {
  const cancelJob = createCancelJob({
    requestCancel: () => Promise.resolve("running"),
    onCancelled: () => undefined,
    readJob: () => Promise.resolve(null),
    signals: createEventSignals(),
  });
  const askedAt = performance.now();
  const cancelled = await cancelJob(
    "0198c0de-0000-7000-8000-000000000000",
    { ...localCaller, requestId: "r" },
    30_000,
    new AbortController().signal,
  );
  expect(cancelled).toEqual({ ok: false, failure: "job_not_found" });
  expect(performance.now() - askedAt).toBeLessThan(5_000);
});
