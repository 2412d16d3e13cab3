import { afterAll, beforeAll, expect, test } from "vitest";
import { storeManyEndedJobs } from "../../../../tests/support/ended-jobs.ts";
import { createLaterDatabases, type LaterDatabases } from "../../../../tests/support/later-databases.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import type { Sql } from "./connect-database.ts";
import { findAbandonedArchives } from "./abandoned-archives.ts";
import { deleteJob, deleteOldJobs } from "./delete-job.ts";
import { expireJobs, expireOversize } from "./expire-jobs.ts";
import {
  closeRemovals,
  findArchivesToRemove,
  findUnreferencedArchives,
  noteArchivesRemoved,
  removeSomeEvents,
} from "./removals.ts";

const rows = 100_000;
const limit = 50;
let database: TestDatabase;
let later: LaterDatabases;
beforeAll(async () => {
  database = await createTestDatabase();
  later = createLaterDatabases(database);
  await storeManyEndedJobs(database.sql, rows);
}, 120_000);
afterAll(async () => {
  await later.close();
  await database.remove();
});

/** With one connection, as what a session has read is counted when it says so. */
const at = (clockShift: string): Sql => later.after(clockShift, 2).sql;

/** How many entries of tables and indexes Postgres read for it, by its own count. */
async function entriesRead(sql: Sql, act: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await sql`SELECT pg_stat_force_next_flush()`;
    const [sum] = await sql<{ entries: number }[]>`
      SELECT ((SELECT sum(seq_tup_read) FROM pg_stat_user_tables)
            + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes))::bigint AS entries`;
    return sum?.entries ?? 0;
  };
  const before = await read();
  await act();
  return (await read()) - before;
}

// A batch touches each of its rows by a few indexes; a look at all rows would be 100,000.
const fewPerRow = 40 * limit;

test("on 100,000 jobs a sweep that has nothing to do reads next to nothing", async () => {
  const sql = at("1 hour");
  const nothing = async () => {
    expect(await expireJobs(sql, limit)).toBe(0);
    expect(await deleteOldJobs(sql, 90, limit)).toBe(0);
    expect(await removeSomeEvents(sql)).toBe(false);
    expect(await findArchivesToRemove(sql, "", limit)).toEqual([]);
    expect(await closeRemovals(sql, limit)).toBe(0);
  };
  await nothing();
  expect(await entriesRead(sql, nothing)).toBeLessThan(100);
});

test("on 100,000 jobs a batch of each sweep reads in proportion to the batch", async () => {
  const sql = at("6 days 23 hours");
  expect(await entriesRead(sql, () => expireJobs(sql, limit))).toBeLessThan(fewPerRow);
  expect(await database.sql`SELECT FROM removals`).toHaveLength(limit);
  expect(await entriesRead(sql, () => removeSomeEvents(sql))).toBeLessThan(fewPerRow);
  while (await removeSomeEvents(sql)) continue;
  const keys = await findArchivesToRemove(sql, "", limit);
  expect(keys).toHaveLength(limit);
  expect(await entriesRead(sql, () => noteArchivesRemoved(sql, keys))).toBeLessThan(fewPerRow);
  expect(await entriesRead(sql, () => closeRemovals(sql, limit))).toBeLessThan(fewPerRow);
  expect(await database.sql`SELECT FROM removals`).toHaveLength(0);
  const muchLater = at("200 days");
  expect(await entriesRead(muchLater, () => deleteOldJobs(muchLater, 90, limit))).toBeLessThan(fewPerRow);
});

test("on 100,000 jobs one is deleted by reading a few entries", async () => {
  const sql = at("1 hour");
  const [job] = await sql<{ id: string }[]>`SELECT id FROM jobs WHERE archive_key = 'many-90000.zip'`;
  const read = await entriesRead(sql, async () =>
    expect(await deleteJob(sql, job?.id ?? "")).toMatchObject({ ok: true }),
  );
  expect(read).toBeLessThan(50);
});

test("which archives are stray is looked up key by key", async () => {
  const sql = at("1 hour");
  const keys = Array.from({ length: 500 }, (_, n) => `many-${String(rows - 2 * n)}.zip`);
  expect(
    await entriesRead(sql, async () => expect(await findUnreferencedArchives(sql, keys)).toEqual([])),
  ).toBeLessThan(5_000);
  const ids = await sql<{ id: string }[]>`SELECT id FROM jobs LIMIT 500`;
  const strays = ids.map(({ id }) => `${id}-a1-00000000.zip`);
  expect(
    await entriesRead(sql, async () => expect(await findAbandonedArchives(sql, strays)).toHaveLength(500)),
  ).toBeLessThan(5_000);
});

test("the total size is added up in steps from the newest archive on, and no further than they fit", async () => {
  const sql = at("1 hour");
  const oneStep = 20_000;
  const overflow = (fitting: number) => () => expireOversize(sql, fitting * 1_000, limit);
  expect(await entriesRead(sql, overflow(2_000))).toBeLessThan(oneStep + fewPerRow);
  expect(await entriesRead(sql, overflow(30_000))).toBeLessThan(2 * oneStep + fewPerRow);
  const kept = async () =>
    (await database.sql`SELECT FROM jobs WHERE expired_at IS NULL AND archive_key IS NOT NULL`).length;
  const most = (await kept()) - 7;
  expect(await overflow(most)()).toBe(7);
  expect(await kept()).toBe(most);
  expect(await overflow(most)()).toBe(0);
});
