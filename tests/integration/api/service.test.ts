// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { recordWorker, removeWorker } from "@longshore/shared/db/worker-reports";
import type { WorkerReport } from "@longshore/shared/db/worker-report";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { finishJob, startJob, storeJob } from "../../support/job-states.ts";

let api: TestApi;
let queueFault: string | null = null;

beforeAll(async () => {
  api = await createTestApi({
    pingQueue: () => (queueFault === null ? Promise.resolve() : Promise.reject(new Error(queueFault))),
  });
});
afterAll(() => api.remove());

const ok = { state: "ok" as const, reason: null };

const report = async (changes: Partial<WorkerReport> = {}, steps = 0): Promise<string> => {
  const metric = { name: "longshore_worker_steps_total", help: "Steps.", type: "counter", aggregator: "sum" };
  const id = randomUUID();
  const full: WorkerReport = {
    ...{ engine: ok, models: ok, queue: ok, running: 0, concurrency: 2 },
    metrics: [{ ...metric, values: [{ value: steps, labels: {} }] }],
    ...changes,
  };
  await recordWorker(api.database.sql, { id, name: "w", version: "1" }, full);
  return id;
};

test("/ready is 503 without a worker, ready with one, and degraded where a part is away", async () => {
  const none = await api.app.request("/ready");
  expect(none.status).toBe(503);
  expect(await none.json()).toMatchObject({ code: "not_ready", components: { workers: { state: "away" } } });

  const well = await report();
  const ready = await api.app.request("/ready");
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ status: "ready", components: { database: ok, queue: ok } });

  queueFault = "Redis is out of memory";
  expect(await answerJson(api.app.request("/ready"))).toMatchObject({
    ...{ status: "degraded", components: { queue: { state: "away", reason: "Redis is out of memory" } } },
  });
  queueFault = null;

  const unwell = await report({ models: { state: "away", reason: "both providers refuse their keys" } });
  expect(await answerJson(api.app.request("/ready"))).toMatchObject({
    components: { models: { state: "degraded", reason: "1 of 2 workers: both providers refuse their keys" } },
  });
  await removeWorker(api.database.sql, well);
  expect(await answerJson(api.app.request("/ready"))).toMatchObject({
    components: { models: { state: "away" } },
  });
  await removeWorker(api.database.sql, unwell);
});

test("/metrics counts the jobs that have not ended, and adds up what the workers say", async () => {
  await storeJob(api.database.sql);
  const failing = await storeJob(api.database.sql);
  await finishJob(api.database.sql, await startJob(api.database.sql, failing), "failed", null);
  await report({}, 3);
  await report({}, 4);
  await report({ metrics: [{ name: "strange" }, null] });
  await api.app.request(`/status/${failing}`);
  const response = await api.app.request("/metrics");
  expect(response.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await response.text();
  expect(text.match(/^longshore_jobs\{.*$/gm)).toEqual([
    'longshore_jobs{status="queued"} 1',
    'longshore_jobs{status="running"} 0',
  ]);
  expect(text).toContain("longshore_queue_depth 1");
  expect(text).toContain("longshore_worker_steps_total 7");
  expect(text).toMatch(/request_duration_seconds_count\{method="GET",route="\/status\/:id",status="200"\} 1/);
});

test("/metrics counts the jobs that were cancelled while they waited for a worker, each once", async () => {
  const count = async () => {
    const text = await (await api.app.request("/metrics")).text();
    return Number(/^longshore_api_jobs_cancelled_total (\d+)$/m.exec(text)?.[1]);
  };
  const before = await count();
  const jobId = await storeJob(api.database.sql);
  for (let times = 0; times < 2; times += 1) await api.app.request(`/cancel/${jobId}`, { method: "POST" });
  const running = await storeJob(api.database.sql);
  await startJob(api.database.sql, running);
  await api.app.request(`/cancel/${running}`, { method: "POST" });
  expect((await count()) - before).toBe(1);
});

test("/ tells name, version and links that work", async () => {
  const home = await answerJson(api.app.request("/"));
  expect(home).toMatchObject({ name: "longshore", version: "0.0.0-test" });
  const links = Object.entries(home["links"] ?? {}).filter(([name]) => name !== "schedule");
  for (const [, path] of links) expect((await api.app.request(String(path))).status).toBe(200);
});
