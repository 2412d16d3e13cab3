// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { createDiskGuard } from "@longshore/shared/blob/create-disk-guard";
import { systemView } from "@longshore/shared/contracts/system-view";
import type { WorkerReport } from "@longshore/shared/db/worker-report";
import { recordWorker } from "@longshore/shared/db/worker-reports";
import { createLogger } from "@longshore/shared/runtime/logger";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { endStoredJob, storeJob, storeRunningJob } from "../../support/stored-job.ts";
import { makeKey } from "../../support/test-keys.ts";

const well = { state: "ok", reason: null } as const;
const report: WorkerReport = {
  ...{ engine: well, models: well, queue: well, storage: well, taking: true, running: 1, concurrency: 4 },
  warm: { wanted: 3, ready: 2 },
  providers: [
    { provider: "primary", model: "qwen3", circuit: "open", reason: "it answered 500" },
    { provider: "fallback", model: "gemini", circuit: "closed", reason: null },
  ],
  metrics: [{ name: "x" }],
};

let api: TestApi;
beforeAll(async () => {
  const disk = createDiskGuard({
    ...{ folder: "/", minFreeMb: 1, logger: createLogger("api", "fatal") },
    readFreeMb: () => Promise.resolve(500),
  });
  api = await createTestApi({ disk });
});
afterAll(() => api.remove());
beforeEach(async () => {
  await api.database.sql`DELETE FROM workers`;
});

const system = async (headers: Record<string, string> = {}) => {
  const response = await api.app.request("/system", { headers });
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return systemView.parse(await response.json());
};
const seen = (id: string, ago: string) =>
  api.database.sql`UPDATE workers SET seen_at = longshore_now() - ${ago}::interval WHERE id = ${id}`;

describe("the workers", () => {
  test("are told with what they said last, the one that was heard of last first, silent ones too", async () => {
    const [here, gone, old] = [randomUUID(), randomUUID(), randomUUID()];
    const named = (id: string, name: string) => ({ id, name, version: "1.2.3" });
    await recordWorker(api.database.sql, named(gone, "gone"), report);
    await seen(gone, "10 minutes");
    const { warm: _, providers: __, taking: ___, ...older } = report;
    await recordWorker(api.database.sql, named(old, "old"), {
      ...older,
      engine: { state: "away", reason: "gone" },
    });
    await seen(old, "5 seconds");
    await recordWorker(api.database.sql, named(here, "here"), { ...report, taking: false });
    const { workers } = await system();
    expect(workers).toMatchObject([
      {
        ...{ id: here, name: "here", version: "1.2.3", state: "stopping", running: 1, concurrency: 4 },
        ...{ warm: report.warm, providers: report.providers, engine: well },
      },
      { id: old, state: "taking", warm: null, providers: [], engine: { state: "away", reason: "gone" } },
      { id: gone, state: "silent" },
    ]);
    expect(JSON.stringify(workers)).not.toContain("metrics");
  });
});

describe("the queue and the components", () => {
  test("are told as they are", async () => {
    const ready = async () => (await (await api.app.request("/ready")).json()) as { components: unknown };
    expect(await system()).toMatchObject({
      queue: { state: "ok", waiting: 0, oldest_waiting_ms: null, running: 0 },
      components: (await ready()).components,
    });
    await recordWorker(api.database.sql, { id: randomUUID(), name: "w", version: "0" }, report);
    const waiting = await storeJob(api.database.sql);
    await api.database
      .sql`UPDATE jobs SET run_after = longshore_now() - interval '1 minute' WHERE id = ${waiting}`;
    const running = await storeRunningJob(api.database.sql);
    const { queue, components } = await system();
    expect(queue).toMatchObject({ state: "ok", running: 1, waiting: 1 });
    expect(components).toEqual((await ready()).components);
    await endStoredJob(api.database.sql, running, "cancelled", null).catch(() => undefined);
  });
});

describe("the disk", () => {
  test("has its room, and the archives that are kept added up, once a minute", async () => {
    const archive = { key: "system-1.zip", bytes: 1_000 };
    const before = (await system()).disk;
    expect(before).toMatchObject({ free_bytes: 500 * 1_048_576, state: "ok" });
    await storeEndedJob(api.database.sql, { archive });
    expect((await system()).disk.archives_bytes).toBe(before.archives_bytes);
    const fresh = await createTestApi({ database: api.database });
    const answer: unknown = await (await fresh.app.request("/system")).json();
    expect(systemView.parse(answer).disk).toEqual({
      free_bytes: null,
      archives_bytes: Number(before.archives_bytes) + 1_000,
      state: "ok",
    });
  });
});

describe("failures of the last day", () => {
  const fail = async (code: string, ago: string, tenant = "local") => {
    const fence = await storeRunningJob(api.database.sql);
    await endStoredJob(api.database.sql, fence, "failed");
    await api.database.sql.begin(async (sql) => {
      await sql`ALTER TABLE jobs DISABLE TRIGGER USER`;
      await sql`
        UPDATE jobs SET tenant = ${tenant}, failure = failure || jsonb_build_object('code', ${code}::text),
                        finished_at = longshore_now() - ${ago}::interval WHERE id = ${fence.jobId}`;
      await sql`ALTER TABLE jobs ENABLE TRIGGER USER`;
    });
    return fence.jobId;
  };

  test("are counted by code, the most frequent first, with the last of each", async () => {
    await fail("timeout", "25 hours");
    const lost = await fail("sandbox_lost", "23 hours");
    await fail("step_failed", "2 hours");
    const last = await fail("step_failed", "1 hour");
    await fail("step_failed", "3 hours");
    const { failures } = await system();
    expect(failures).toMatchObject([
      { code: "step_failed", count: 3, last_job_id: last },
      { code: "sandbox_lost", count: 1, last_job_id: lost },
    ]);
    expect(Date.now() - Date.parse(failures[0]?.last_at ?? "")).toBeGreaterThan(3_500_000);
  });

  test("name a job to who runs the service and to its own tenant, and to no other", async () => {
    const theirs = await fail("disk_full", "1 minute", "acme");
    const { sql } = api.database;
    const keyOf = async (tenant: string) => ({ "X-API-Key": (await makeKey(sql, tenant, ["admin"])).key });
    const shown = async (tenant: string) =>
      (await system(await keyOf(tenant))).failures.find(({ code }) => code === "disk_full");
    expect(await shown("local")).toMatchObject({ count: 1, last_job_id: theirs });
    expect(await shown("acme")).toMatchObject({ count: 1, last_job_id: theirs });
    expect(await shown("rival")).toMatchObject({ count: 1, last_job_id: null });
  });
});
