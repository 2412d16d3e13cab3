import { DatabaseAway } from "@longshore/shared/db/database-away";
import type { ComponentState, WorkerReport } from "@longshore/shared/db/worker-report";
import { expect, test } from "vitest";
import { checkReadiness, type CheckReadinessDeps } from "./check-readiness.ts";

const ok: ComponentState = { state: "ok", reason: null };
const away: ComponentState = { state: "away", reason: "no engine" };

const worker = (engine: ComponentState, changes: Partial<WorkerReport> = {}): WorkerReport => ({
  ...{ engine, models: ok, queue: ok, running: 0, concurrency: 1, metrics: [] },
  ...changes,
});

const well: CheckReadinessDeps = {
  listReports: () => Promise.resolve([worker(ok)]),
  pingQueue: () => Promise.resolve(),
  checkStorage: () => Promise.resolve(ok),
  databaseTrouble: () => null,
};
const check = (...workers: readonly WorkerReport[]) =>
  checkReadiness({ ...well, listReports: () => Promise.resolve(workers) });

test("one engine of two away is degraded, both are away, and neither is unavailable", async () => {
  expect(await check(worker(ok))).toMatchObject({ status: "ready" });
  const one = await check(worker(ok), worker(away));
  expect(one).toMatchObject({
    status: "degraded",
    components: { engine: { state: "degraded", reason: "1 of 2 workers: no engine" } },
  });
  const both = await check(worker(away), worker(away));
  expect(both).toMatchObject({ status: "degraded", components: { engine: { state: "away" } } });
});

test("without a worker, or with the database away, jobs cannot run", async () => {
  expect(await check()).toMatchObject({ status: "unavailable", components: { workers: { state: "away" } } });
  const readiness = await checkReadiness({
    ...well,
    listReports: () => Promise.reject(new DatabaseAway("gone")),
  });
  expect(readiness).toMatchObject({
    status: "unavailable",
    components: { database: { state: "away", reason: "gone" }, queue: ok, workers: { state: "away" } },
  });
});

test("workers that stop or drain do not count: without another one jobs cannot run", async () => {
  const leaving = worker(ok, { taking: false });
  expect(await check(leaving, worker(ok))).toMatchObject({
    status: "degraded",
    components: {
      workers: { state: "degraded", reason: "1 of 2 workers: stopping, and takes no more jobs" },
    },
  });
  expect(await check(leaving)).toMatchObject({
    status: "unavailable",
    components: { workers: { state: "away", reason: "stopping, and takes no more jobs" } },
  });
});

test("queue and storage are as bad as whoever is worst off with them, this process or a worker", async () => {
  const full: ComponentState = { state: "degraded", reason: "hardly room" };
  expect(await check(worker(ok, { queue: away, storage: full }))).toMatchObject({
    status: "degraded",
    components: { queue: away, storage: full },
  });
  const here = {
    ...well,
    checkStorage: () => Promise.resolve(full),
    pingQueue: () => Promise.reject(new Error("no")),
  };
  expect(await checkReadiness(here)).toMatchObject({
    components: { queue: { state: "away", reason: "no" }, storage: full },
  });
  expect(await checkReadiness({ ...here, checkStorage: () => Promise.resolve(away) })).toMatchObject({
    components: { storage: away },
  });
});

test("a database that answers and has failed a request lately is degraded, with what it said", async () => {
  const readiness = await checkReadiness({ ...well, databaseTrouble: () => "PostgreSQL's disk is full" });
  expect(readiness).toMatchObject({
    status: "degraded",
    components: { database: { state: "degraded", reason: "PostgreSQL's disk is full" } },
  });
});
