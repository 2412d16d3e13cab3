import { afterAll, beforeAll, expect, test } from "vitest";
import { endStoredJob, storeJob, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { localTenant } from "../domain/access.ts";
import { newJobId } from "../domain/job-id.ts";
import { type JobFilter, listJobs } from "./list-jobs.ts";
import { readJob } from "./read-job.ts";

const everything: JobFilter = {
  ...{ statuses: [], metadata: {}, q: null },
  ...{ createdAfter: null, createdBefore: null },
};

let database: TestDatabase;
/** Oldest first. */
const ids: string[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  ids.push(await storeJob(sql, { prompt: "Make 100% sure", metadata: { team: "blue", size: "l" } }));
  ids.push(await storeJob(sql, { prompt: "make_a list\\of files", metadata: { team: "blue" } }));
  ids.push((await storeRunningJob(sql, { prompt: "ÄRGER im Büro" })).jobId);
  const failed = await storeRunningJob(sql, { metadata: { team: "red", 'quo"te': "it's" } });
  await endStoredJob(sql, failed, "failed");
  ids.push(failed.jobId);
  ids.push(await storeJob(sql, { prompt: undefined, steps: [{ kind: "shell", command: "true" }] }));
});
afterAll(async () => {
  await database.remove();
});

const list = async (filter: Partial<JobFilter>, page = { before: null as string | null, limit: 50 }) =>
  (await listJobs(database.orm, localTenant, { ...everything, ...filter }, page)).jobs.map(({ id }) =>
    ids.indexOf(id),
  );

/** Every page of a list, in the tenant's own database. */
async function pagesOf(tenant: string, filter: Partial<JobFilter>): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let before: string | null = null;
  do {
    const page = await listJobs(database.orm, tenant, { ...everything, ...filter }, { before, limit: 200 });
    pages.push(page.jobs.map(({ id }) => id));
    before = page.goesOnAfter;
  } while (before !== null);
  return pages;
}

/** Stores Jobs whose prompts have 100,000 characters, and gives their ids, newest first. */
async function storeLongPrompts(tenant: string, count: number, prompt: string): Promise<readonly string[]> {
  const stored: string[] = [];
  for (let n = 0; n < count; n += 1) stored.unshift(await storeJob(database.sql, { prompt }));
  await database.sql`UPDATE jobs SET tenant = ${tenant} WHERE id = ANY (${stored}::uuid[])`;
  return stored;
}

test.each([null, "é"])("a page of long prompts ends early, and the next one goes on (q: %s)", async (q) => {
  const tenant = q === null ? "long" : "found";
  const stored = await storeLongPrompts(tenant, 14, "é".repeat(100_000));
  const pages = await pagesOf(tenant, { q });
  expect(pages.map(({ length }) => length)).toEqual([6, 6, 2]);
  expect(pages.flat()).toEqual(stored);
});

test("a search looks at so much at a time, goes on though it has found nothing, and ends", async () => {
  const stored = await storeLongPrompts("slow", 4, "a".repeat(100_000));
  // Made to be compared from each character on with the whole of it: for one such prompt that is some tenths of a second.
  const q = `${"a".repeat(999)}b`;
  const first = await listJobs(database.orm, "slow", { ...everything, q }, { before: null, limit: 50 });
  expect(first).toEqual({ jobs: [], goesOnAfter: stored[0] });
  const pages = await pagesOf("slow", { q: "a".repeat(1_000) });
  expect(pages).toEqual([...stored.map((id) => [id]), []]);
  expect(await pagesOf("slow", { q: "aaa" })).toEqual([stored]);
});

test("all Jobs come newest first", async () => {
  expect(await list({})).toEqual([4, 3, 2, 1, 0]);
});

test("a page says where the list goes on, and the last one that it does not", async () => {
  const goesOnAfter = async (page: { before: string | null; limit: number }) =>
    (await listJobs(database.orm, localTenant, everything, page)).goesOnAfter;
  expect(await goesOnAfter({ before: null, limit: 2 })).toBe(ids[3]);
  expect(await goesOnAfter({ before: ids[3] ?? "", limit: 3 })).toBeNull();
  expect(await goesOnAfter({ before: null, limit: 5 })).toBeNull();
});

test("a page goes on where the one before ended, though newer Jobs came between", async () => {
  expect(await list({}, { before: null, limit: 2 })).toEqual([4, 3]);
  expect(await list({}, { before: ids[3] ?? "", limit: 2 })).toEqual([2, 1]);
  expect(await list({}, { before: ids[1] ?? "", limit: 2 })).toEqual([0]);
  expect(await list({}, { before: ids[0] ?? "", limit: 2 })).toEqual([]);
});

test("a status, or any of several, can be asked for", async () => {
  expect(await list({ statuses: ["queued"] })).toEqual([4, 1, 0]);
  expect(await list({ statuses: ["running", "failed"] })).toEqual([3, 2]);
  expect(await list({ statuses: ["succeeded"] })).toEqual([]);
});

test("every pair of metadata must be there, as it is", async () => {
  expect(await list({ metadata: { team: "blue" } })).toEqual([1, 0]);
  expect(await list({ metadata: { team: "blue", size: "l" } })).toEqual([0]);
  expect(await list({ metadata: { team: "blu" } })).toEqual([]);
  expect(await list({ metadata: { 'quo"te': "it's" } })).toEqual([3]);
});

test("a label is found behind thousands of newer Jobs: at once where few have it, and else page by page", async () => {
  const tenant = "labels";
  const store = async (count: number, label: string) => {
    const stored = Array.from({ length: count }, newJobId);
    await database.sql`
      INSERT INTO jobs (id, tenant, status, max_attempts, prompt, metadata, request, usage, timings, last_seq)
      SELECT id, ${tenant}, 'queued', 3, 'x', jsonb_build_object('label', ${label}::text), '{}', '{}', '{}', 1
        FROM unnest(${stored}::uuid[]) AS id`;
    return stored.toReversed();
  };
  const often = await store(6_000, "often");
  const rare = await store(3, "rare");
  await store(6_000, "usual");
  const found = await pagesOf(tenant, { metadata: { label: "rare" } });
  expect(found).toEqual([rare]);
  expect(await pagesOf(tenant, { metadata: { label: "rare" }, statuses: ["queued", "running"] })).toEqual([
    rare,
  ]);
  expect(await pagesOf(tenant, { metadata: { label: "rare" }, statuses: ["failed"] })).toEqual([[]]);
  expect(await pagesOf(tenant, { metadata: { label: "none" } })).toEqual([[]]);
  expect(await pagesOf(tenant, { metadata: { label: "rare" }, q: "X" })).toEqual([rare]);
  const pages = await pagesOf(tenant, { metadata: { label: "often" } });
  expect(pages.flat()).toEqual(often);
  expect(pages[0]).toEqual([]);
});

test.each([
  ["MAKE", [1, 0]],
  ["100%", [0]],
  ["%", [0]],
  ["_", [1]],
  ["\\", [1]],
  ["list\\of", [1]],
  ["ärger", [2]],
  ["BÜRO", [2]],
  ["nowhere", []],
  ["'; DROP TABLE jobs; --", []],
])("q=%s is a substring of the prompt, case ignored, and no pattern", async (q, expected) => {
  expect(await list({ q })).toEqual(expected);
});

test("the times of creation are inclusive to the millisecond, on both sides", async () => {
  const createdAt = (await readJob(database.orm, ids[2] ?? ""))?.createdAt ?? new Date();
  expect(await list({ createdAfter: createdAt, createdBefore: createdAt })).toContain(2);
  const before = new Date(createdAt.getTime() - 1);
  expect(await list({ createdBefore: before })).not.toContain(2);
  expect(await list({ createdAfter: new Date(createdAt.getTime() + 1) })).not.toContain(2);
});

test("filters hold together", async () => {
  expect(await list({ statuses: ["queued"], metadata: { team: "blue" }, q: "make" })).toEqual([1, 0]);
  expect(await list({ statuses: ["failed"], q: "make" })).toEqual([]);
});
