import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { holdRows } from "../../../../tests/support/hold-rows.ts";
import { openStandingWay } from "../../../../tests/support/standing-way.ts";
import { storeJob, storeRunningJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useFreshDatabases } from "../../../../tests/support/use-database.ts";
import { connectDatabase, type Sql } from "./connect-database.ts";
import { createGatheredWrites } from "./gathered-writes.ts";

let database: TestDatabase;
useFreshDatabases((opened) => (database = opened));

const owner = randomUUID();
const writesOver = (sql: Sql) =>
  createGatheredWrites({ sql, owner, leaseSeconds: 30, engineId: () => Promise.resolve(null) });
const renewed = { cancelRequestedAt: null };

const holdJobs = (jobIds: readonly string[]) =>
  holdRows(database.sql, (sql) =>
    sql.unsafe("UPDATE jobs SET dispatched_at = longshore_now() WHERE id = ANY ($1::uuid[])", [[...jobIds]]),
  );

/** Statements that wait for a row that somebody holds. */
const countWaiting = async () =>
  (
    await database.sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  ).length;

test("who waits for the one row that is left holds up nobody who comes for another", async () => {
  const writes = writesOver(database.sql);
  const jobId = await storeJob(database.sql);
  const free = await holdJobs([jobId]);
  try {
    const first = writes.takeNext();
    await expect.poll(countWaiting, { timeout: 10_000 }).toBe(1);
    const other = await storeJob(database.sql);
    expect((await writes.takeNext())?.id).toBe(other);
    await free();
    expect((await first)?.id).toBe(jobId);
  } finally {
    await free();
  }
});

test("who stands behind the one that waits for a held row gets what comes meanwhile", async () => {
  const writes = writesOver(database.sql);
  const held = await storeJob(database.sql);
  const free = await holdJobs([held]);
  try {
    const taken: string[] = [];
    const asks = Array.from({ length: 3 }, async () => taken.push((await writes.takeNext())?.id ?? "none"));
    await expect.poll(countWaiting, { timeout: 10_000 }).toBe(1);
    const others = [await storeJob(database.sql), await storeJob(database.sql)];
    await expect.poll(() => taken.toSorted(), { timeout: 6_000 }).toEqual(others.toSorted());
    await free();
    await Promise.all(asks);
    expect(taken[2]).toBe(held);
  } finally {
    await free();
  }
});

test("of many that come for fewer, each gets one of its own, or null", async () => {
  const writes = writesOver(database.sql);
  const ids = await Promise.all([storeJob(database.sql), storeJob(database.sql), storeJob(database.sql)]);
  const rows = await Promise.all(Array.from({ length: 20 }, () => writes.takeNext()));
  const taken = rows.flatMap((row) => (row === null ? [] : [row.id]));
  expect(taken.toSorted()).toEqual([...ids].toSorted());
});

test("of many that come for a row that is held one waits for it, and takes no connection from those who renew", async () => {
  const own = connectDatabase({ url: database.url, maxConnections: 4, applicationName: "gathered" });
  const writes = writesOver(own.sql);
  const [fence, ...heldIds] = [
    await storeRunningJob(database.sql, {}, owner),
    await storeJob(database.sql),
    await storeJob(database.sql),
  ];
  const free = await holdJobs(heldIds);
  try {
    const asks = Array.from({ length: 16 }, () => writes.takeNext());
    await expect.poll(countWaiting, { timeout: 10_000 }).toBe(1);
    for (let times = 0; times < 8; times += 1) {
      expect(await writes.renew({ fence, boundMs: 8_000 })).toEqual(renewed);
    }
    expect(await countWaiting()).toBe(1);
    await free();
    // No Message is lost: once the one has its answer, the others look again.
    const rows = await Promise.all(asks);
    const taken = rows.flatMap((row) => (row === null ? [] : [row.id]));
    expect(taken.toSorted()).toEqual(heldIds.toSorted());
  } finally {
    await free();
    await own.close();
  }
});

test("row 9: a connection that says nothing more holds up those whose statement went over it, and no others", async () => {
  const [one, two] = [
    await storeRunningJob(database.sql, {}, owner),
    await storeRunningJob(database.sql, {}, owner),
  ];
  await using way = await openStandingWay(database.url);
  const own = connectDatabase({ url: way.url, maxConnections: 4, applicationName: "gathered" });
  await own.sql`SELECT 1`;
  const writes = writesOver(own.sql);
  // Far more than the other needs, which goes by a new connection after a second.
  const boundMs = 25_000;
  way.freeze();
  const ended: string[] = [];
  const first = writes.renew({ fence: one, boundMs }).finally(() => ended.push("first"));
  expect(await writes.renew({ fence: two, boundMs })).toEqual(renewed);
  expect(ended).toEqual([]);
  way.thaw();
  expect(await first).toEqual(renewed);
  await own.close();
});
