import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
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
const succeeded = { status: "succeeded", failure: null } as const;

test("who waits for the one row that is left holds up nobody who comes for another", async () => {
  const writes = writesOver(database.sql);
  const jobId = await storeJob(database.sql);
  const [held, free] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const holding = database.sql.begin(async (sql) => {
    await sql`UPDATE jobs SET dispatched_at = longshore_now() WHERE id = ${jobId}`;
    held.resolve(undefined);
    await free.promise;
  });
  await held.promise;
  const first = writes.takeNext();
  const isWaiting = async () =>
    (
      await database.sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    ).length;
  await expect.poll(isWaiting, { timeout: 10_000 }).toBe(1);
  const other = await storeJob(database.sql);
  expect((await writes.takeNext())?.id).toBe(other);
  free.resolve(undefined);
  await holding;
  expect((await first)?.id).toBe(jobId);
});

test("of many that come for fewer, each gets one of its own, or null", async () => {
  const writes = writesOver(database.sql);
  const ids = await Promise.all([storeJob(database.sql), storeJob(database.sql), storeJob(database.sql)]);
  const rows = await Promise.all(Array.from({ length: 20 }, () => writes.takeNext()));
  const taken = rows.flatMap((row) => (row === null ? [] : [row.id]));
  expect(taken.toSorted()).toEqual([...ids].toSorted());
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
  way.freeze();
  const ended: string[] = [];
  const first = writes.settle({ fence: one, end: succeeded }).then((settled) => {
    ended.push("first");
    return settled;
  });
  expect(await writes.settle({ fence: two, end: succeeded })).toMatchObject({ ok: true });
  expect(ended).toEqual([]);
  way.thaw();
  expect(await first).toMatchObject({ ok: true });
  await own.close();
});
