// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { jobUsage } from "@longshore/shared/contracts/job-usage";
import { storeSamples } from "@longshore/shared/db/job-samples";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { endStoredJob, storeJob, storeRunningJob } from "../../support/stored-job.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const ask = async (id: string) => api.app.request(`/jobs/${id}/usage`);
const usageOf = async (id: string) => jobUsage.parse(await (await ask(id)).json());
const time = "2027-01-02T03:04:05.678Z";

test("what a job uses is told while it runs and when it has ended, beside its limits", async () => {
  const { sql } = api.database;
  const fence = await storeRunningJob(sql, { limits: { memory_mb: 100, cpus: 1.5 } });
  await storeSamples(sql, fence, [{ time: new Date(time), memoryBytes: 2_000_000, cpuMs: 12 }]);
  const expected = {
    job_id: fence.jobId,
    limits: { memory_mb: 100, cpus: 1.5 },
    samples: [{ attempt: 1, time, memory_bytes: 2_000_000, cpu_ms: 12 }],
  };
  expect(await usageOf(fence.jobId)).toEqual(expected);
  await endStoredJob(sql, fence, "failed", null);
  expect(await usageOf(fence.jobId)).toEqual(expected);
});

test("a job that has not begun has no samples", async () => {
  expect(await usageOf(await storeJob(api.database.sql))).toMatchObject({
    ...{ limits: { memory_mb: 1_024, cpus: 1 }, samples: [] },
  });
});

test("a job whose retention is over is 410, one that is not there 404, and what is no id 400", async () => {
  const id = await storeEndedJob(api.database.sql);
  await api.database.sql`UPDATE jobs SET expired_at = longshore_now() WHERE id = ${id}`;
  expect(await answerJson(ask(id))).toMatchObject({ status: 410, code: "expired" });
  expect((await ask("0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87")).status).toBe(404);
  expect((await ask("nonsense")).status).toBe(400);
});
