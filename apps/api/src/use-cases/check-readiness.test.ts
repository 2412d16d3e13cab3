import { DatabaseAway } from "@longshore/shared/db/database-away";
import type { ComponentState, WorkerReport } from "@longshore/shared/db/worker-report";
import { expect, test } from "vitest";
import { checkReadiness } from "./check-readiness.ts";

const ok: ComponentState = { state: "ok", reason: null };
const away: ComponentState = { state: "away", reason: "no engine" };

const worker = (engine: ComponentState): WorkerReport => ({
  ...{ engine, models: ok, queue: ok, running: 0, concurrency: 1, metrics: [] },
});

const check = (...workers: readonly WorkerReport[]) =>
  checkReadiness({ listReports: () => Promise.resolve(workers), pingQueue: () => Promise.resolve() });

test("one engine of two away is degraded, both are away, and neither is unavailable", async () => {
  expect(await check(worker(ok))).toMatchObject({ status: "ready" });
  const one = await check(worker(ok), worker(away));
  expect(one).toMatchObject({
    status: "degraded",
    components: { engine: { state: "degraded", reason: "no engine" } },
  });
  const both = await check(worker(away), worker(away));
  expect(both).toMatchObject({ status: "degraded", components: { engine: { state: "away" } } });
});

test("without a worker, or with the database away, jobs cannot run", async () => {
  expect(await check()).toMatchObject({ status: "unavailable", components: { workers: { state: "away" } } });
  const readiness = await checkReadiness({
    listReports: () => Promise.reject(new DatabaseAway("gone")),
    pingQueue: () => Promise.resolve(),
  });
  expect(readiness).toMatchObject({
    status: "unavailable",
    components: { database: { state: "away" }, queue: ok },
  });
});
