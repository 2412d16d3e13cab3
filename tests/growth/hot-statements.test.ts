import { randomUUID } from "node:crypto";
import { findAbandonedArchives } from "@longshore/shared/db/abandoned-archives";
import { appendEvents } from "@longshore/shared/db/append-events";
import { connectDatabase, type Database } from "@longshore/shared/db/connect-database";
import { countFailures } from "@longshore/shared/db/count-failures";
import { countJobs } from "@longshore/shared/db/count-jobs";
import { deleteJob, deleteOldJobs } from "@longshore/shared/db/delete-job";
import { endJobs } from "@longshore/shared/db/end-job";
import { expireIdempotencyKeys, expireJobs, expireOversize } from "@longshore/shared/db/expire-jobs";
import { takeExpiredLeases } from "@longshore/shared/db/expired-leases";
import type { Fence } from "@longshore/shared/db/fence";
import { insertJob } from "@longshore/shared/db/insert-job";
import type { JobRow } from "@longshore/shared/db/job-record";
import { readJobUse, storeSamples } from "@longshore/shared/db/job-samples";
import { type JobFilter, listJobs } from "@longshore/shared/db/list-jobs";
import { listTenants } from "@longshore/shared/db/list-tenants";
import { readEvents, readEventsWithin } from "@longshore/shared/db/read-events";
import { readJob } from "@longshore/shared/db/read-job";
import { readStepTails } from "@longshore/shared/db/read-step-tails";
import { releaseLease } from "@longshore/shared/db/release-lease";
import {
  closeRemovals,
  findArchivesToRemove,
  findUnreferencedArchives,
  removeSomeEvents,
} from "@longshore/shared/db/removals";
import { renewLeases } from "@longshore/shared/db/renew-lease";
import { requestCancel } from "@longshore/shared/db/request-cancel";
import { requeueJob } from "@longshore/shared/db/requeue-job";
import { findRunning } from "@longshore/shared/db/running-attempts";
import { noteStoredEnd, settleEnds } from "@longshore/shared/db/settle-end";
import { sumArchives } from "@longshore/shared/db/sum-archives";
import { takeFreeLeases, takeNextLease } from "@longshore/shared/db/take-lease";
import { findUndelivered, markDispatched } from "@longshore/shared/db/undelivered-jobs";
import { localCaller, localTenant } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import { noTimings } from "@longshore/shared/contracts/job-view";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countRows } from "../support/ended-jobs.ts";
import { logLines, newRequest, someArchive, storeJob } from "../support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { type PlanWatch, watchPlans } from "../support/watch-plans.ts";
import { fillDatabase, queued, running } from "./fill-database.ts";
import { planActs } from "./plan-acts.ts";

// Enough that a look at all of them is told from one at some; `LONGSHORE_GROWTH_JOBS=1000000` shows the same of a million.
const ended = Number(process.env["LONGSHORE_GROWTH_JOBS"] ?? 40_000);
const fewRows = 1_000;

let database: TestDatabase;
let watch: PlanWatch;
let watched: Database;
let fences: readonly Fence[];

beforeAll(async () => {
  database = await createTestDatabase();
  watch = await watchPlans(database.url);
  watched = connectDatabase({ url: watch.url, maxConnections: 2, applicationName: "watched" });
  await countNothing();
  await planWhileEmpty();
  await fillDatabase(database.sql, ended);
}, 1_200_000);
afterAll(async () => {
  await watched.close();
  await watch.close();
  await database.remove();
});

/** By itself the server would count at some time or other, and each count has all plans made anew. */
async function countNothing(): Promise<void> {
  for (const table of large)
    await database.sql.unsafe(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
}

/**
 * As a service that was there from the first Job on: a connection keeps its plans, those of an empty database, too, until
 * the server has counted.
 */
async function planWhileEmpty(): Promise<void> {
  fences = Array.from({ length: 5 }, () => ({
    jobId: newJobId(),
    attempt: 1,
    owner: randomUUID(),
    epoch: 0,
  }));
  for (const { act } of Object.values(hot)) await act(watched);
  // Those that are to be there; what else was submitted does no harm. TRUNCATE would have all plans made anew.
  await database.sql`DELETE FROM idempotency_keys`;
}

const terms = { leaseSeconds: 3_600, engineId: null };
const toFences = (rows: readonly JobRow[]) =>
  rows.map((row) => ({
    ...{ jobId: row.id, attempt: row.attempt, owner: row.leaseOwner ?? "", epoch: row.leaseEpoch },
  }));
const fenceAt = (place: number): Fence => {
  const fence = fences[place];
  if (fence === undefined) throw new Error("no lease was taken");
  return fence;
};

const anything: JobFilter = { statuses: [], metadata: {}, q: null, createdAfter: null, createdBefore: null };
const list =
  (filter: Partial<JobFilter>, before: string | null = null) =>
  async ({ orm }: Database) =>
    listJobs(orm, localTenant, { ...anything, ...filter }, { before, limit: 50 });
const someTime = () => new Date(Date.now() - 3_600_000);
const bounds = { unfinished: 100_000, queued: 100_000, perMinute: 1_000, storedMb: 1_000_000 };
const submit =
  (key: string | null) =>
  async ({ sql }: Database) =>
    insertJob(sql, {
      ...{ id: newJobId(), request: newRequest(), caller: localCaller },
      idempotency: key === null ? null : { key, bodySha256: "ab".repeat(32) },
      ...(key === null ? { tenantLimits: bounds } : {}),
    });
const failure = { code: "internal" as const, message: "x", step: null };
const settled = { status: "failed" as const, failure };
const archived = { finishedAt: new Date(0).toISOString(), timings: noTimings, archive: someArchive };
const someEnd = {
  ...settled,
  archive: null,
  plan: null,
  timings: noTimings,
  finishedAt: new Date(),
  retentionDays: 7,
};

interface Hot {
  readonly act: (on: Database) => Promise<unknown>;
  /** Rows of one table that it may look at in one scan; {@link fewRows} where left out. */
  readonly most?: number;
}

/** All that is asked of the tables again and again while the service runs. */
const hot: Readonly<Record<string, Hot>> = {
  "POST /schedule": { act: async (on) => submit(randomUUID())(on) },
  // It counts what the tenant has, up to its bounds, and at most once a second what of it is stored.
  "POST /schedule of a tenant with limits": { act: submit(null), most: ended },
  "a replay of POST /schedule": { act: submit("key-7") },
  "the note that messages are in the queue": {
    act: ({ sql }) => markDispatched(sql, [{ jobId: fenceAt(0).jobId, attempt: 1 }]),
  },
  "the next lease": { act: ({ sql }) => takeNextLease(sql, randomUUID(), terms) },
  "the next leases": { act: ({ sql }) => takeFreeLeases(sql, randomUUID(), terms, 16) },
  "the renewal of leases": {
    act: ({ sql }) => renewLeases(sql, fences, { leaseSeconds: 3_600, boundMs: 5_000 }),
  },
  "a batch of events": {
    act: ({ sql }) => appendEvents(sql, fenceAt(0), 2, logLines("a", "b"), { node: "shell" }),
  },
  "the output of steps": { act: ({ sql }) => readStepTails(sql, { ...fenceAt(0), limit: 100 }) },
  "what a sandbox uses": {
    act: ({ sql }) => storeSamples(sql, fenceAt(0), [{ time: new Date(), memoryBytes: 1, cpuMs: 1 }]),
  },
  ...planActs(fenceAt),
  "GET /jobs/{id}/usage": {
    act: ({ sql }) => readJobUse(sql, { jobId: fenceAt(0).jobId, tenant: localTenant }),
  },
  "a lease that is let go": { act: ({ sql }) => releaseLease(sql, fenceAt(1)) },
  "an attempt that is queued again": {
    act: ({ sql }) => requeueJob(sql, fenceAt(2), { delayMs: 0, countsAsFailed: true, reason: "x" }),
  },
  "the settled ends": {
    act: ({ sql }) =>
      settleEnds(
        sql,
        [fenceAt(0), fenceAt(3)].map((fence) => ({ fence, end: settled })),
      ),
  },
  "an end whose archive is stored": {
    act: ({ sql }) => noteStoredEnd(sql, fenceAt(3), { ...settled, stored: archived }),
  },
  "the terminal writes": {
    act: ({ sql }) =>
      endJobs(
        sql,
        [fenceAt(0), fenceAt(3)].map((fence) => ({ fence, end: someEnd })),
      ),
  },
  "POST /cancel": { act: ({ sql }) => requestCancel(sql, fenceAt(4).jobId, 7) },
  "GET /status": { act: ({ orm }) => readJob(orm, fenceAt(0).jobId, localTenant) },
  "GET /events": {
    act: ({ orm }) => readEventsWithin(orm, fenceAt(0).jobId, { after: 1, limit: 256, bytes: 65_536 }),
  },
  "GET /logs": {
    act: ({ orm }) =>
      readEventsWithin(
        ...([orm, fenceAt(0).jobId, { after: 0, upTo: 500, limit: 500, bytes: 65_536 }] as const),
        { type: "log", streams: ["stdout"] },
      ),
  },
  "the log for the archive": {
    act: ({ orm }) => readEvents(orm, fenceAt(0).jobId, { after: 0, limit: 1_000 }),
  },
  "GET /jobs": { act: list({}) },
  "GET /jobs, a later page": { act: list({}, "80000000-0000-7000-8000-000000000000") },
  "GET /jobs?status=": { act: list({ statuses: ["running"] }) },
  "GET /jobs?status=&status=": { act: list({ statuses: ["running", "failed"] }) },
  // A page searches so many Jobs at most (db/list-bounds.ts).
  "GET /jobs?metadata.n=": { act: list({ metadata: { n: "7" } }), most: 5_001 },
  "GET /jobs?metadata.n=&status=&status=": {
    act: list({ metadata: { n: "none" }, statuses: ["succeeded", "failed"] }),
    most: 5_001,
  },
  "GET /jobs?q=": { act: list({ q: "nowhere" }), most: 5_001 },
  "GET /jobs?created_after=&created_before=": {
    act: list({ createdAfter: new Date(Date.now() - 3_660_000), createdBefore: someTime() }),
  },
  "GET /metrics": { act: ({ sql }) => countJobs(sql) },
  "what failed lately, at GET /system": { act: ({ sql }) => countFailures(sql) },
  // It adds up so many in one statement (db/sum-archives.ts).
  "the size of archives, at GET /system": { act: ({ sql }) => sumArchives(sql, null), most: 20_000 },
  // What is stored is added up from an index, of each ended Job once.
  "GET /tenants": { act: ({ sql }) => listTenants(sql, null, 1_000), most: ended + fewRows },
  "the tenant, at GET /me": { act: ({ sql }) => listTenants(sql, localTenant, 1), most: ended + fewRows },
  "what is to be offered again": {
    act: ({ sql }) => findUndelivered(sql, { reofferAfterSeconds: 30, limit: 100 }),
  },
  "leases that are over": {
    act: ({ sql }) =>
      takeExpiredLeases(sql, randomUUID(), {
        ...{
          leaseSeconds: 60,
          limit: 10,
          except: [randomUUID()],
          engineId: null,
          otherEngineAfterSeconds: 60,
        },
      }),
  },
  "whose containers are still wanted": {
    act: ({ sql }) => findRunning(sql, [fenceAt(0).jobId, randomUUID()]),
  },
  "retention by age": { act: ({ sql }) => expireJobs(sql, 50) },
  // It adds up so many Jobs in one statement (db/expire-jobs.ts).
  "retention by size": { act: ({ sql }) => expireOversize(sql, 10_000_000, 50), most: 20_000 },
  "idempotency keys that are over": { act: ({ sql }) => expireIdempotencyKeys(sql, 100) },
  // Some thousands of one Job's at once.
  "events that are removed": { act: ({ sql }) => removeSomeEvents(sql), most: 10_000 },
  "archives that are removed": { act: ({ sql }) => findArchivesToRemove(sql, "", 100) },
  "removals that are done": { act: ({ sql }) => closeRemovals(sql, 100) },
  "archives that nothing names": {
    act: ({ sql }) => findUnreferencedArchives(sql, ["many-1.zip", "stray.zip"]),
  },
  "archives of attempts that are over": {
    act: ({ sql }) => findAbandonedArchives(sql, [`${randomUUID()}-a1-00000000.zip`]),
  },
  "jobs that are deleted by age": { act: ({ sql }) => deleteOldJobs(sql, 90, 50) },
  "DELETE /jobs": { act: ({ sql }) => deleteJob(sql, fenceAt(0).jobId) },
};

const large: ReadonlySet<string> = new Set([
  "jobs",
  "job_events",
  "job_samples",
  "job_plans",
  "idempotency_keys",
]);

test.each([
  ["by the plans of when it was empty", () => Promise.resolve()],
  ["by the plans that are made once it was counted", () => countRows(database.sql)],
])(
  `with ${String(ended)} jobs no statement of the service looks at all of a table, %s`,
  async (_, prepare) => {
    expect(ended).toBeGreaterThan(20 * fewRows);
    await prepare();
    fences = toFences(await takeFreeLeases(database.sql, randomUUID(), terms, 5));
    await storeJob(database.sql);
    const faults: string[] = [];
    for (const [name, { act, most = fewRows }] of Object.entries(hot)) {
      watch.take();
      await act(watched);
      const scans = watch.take();
      expect(scans.length, `${name}: its plan was told`).toBeGreaterThan(0);
      for (const { table, type, rows, statement } of scans) {
        if (!large.has(table) || (type !== "Seq Scan" && rows <= most)) continue;
        faults.push(
          `${name}: ${type} of ${table}, ${String(rows)} rows: ${statement.replaceAll(/\s+/g, " ").slice(0, 300)}`,
        );
      }
    }
    expect(faults).toEqual([]);
  },
  600_000,
);

test("the plans are those of what runs: a look at all of a table is seen", async () => {
  watch.take();
  await watched.sql`SELECT count(*) FROM jobs WHERE prompt = 'x'`;
  expect(watch.take()).toContainEqual(
    expect.objectContaining({ table: "jobs", type: "Seq Scan", rows: expect.any(Number) }),
  );
  expect(queued + running).toBeLessThan(fewRows);
});
