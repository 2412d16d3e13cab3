import { describe, expect, test } from "vitest";
import { storeEndedJob } from "../../../../tests/support/ended-jobs.ts";
import type { LaterDatabases } from "../../../../tests/support/later-databases.ts";
import { newRequest, storeJob } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useFreshDatabases } from "../../../../tests/support/use-database.ts";
import { localCaller } from "../domain/access.ts";
import { newJobId } from "../domain/job-id.ts";
import { deleteJob, deleteOldJobs } from "./delete-job.ts";
import { expireIdempotencyKeys, expireJobs, expireOversize } from "./expire-jobs.ts";
import { insertJob } from "./insert-job.ts";
import { readEvents } from "./read-events.ts";
import { readJob } from "./read-job.ts";
import {
  closeRemovals,
  findArchivesToRemove,
  findUnreferencedArchives,
  noteArchivesRemoved,
  removeSomeEvents,
} from "./removals.ts";
import { toJobView } from "./to-job-view.ts";

let database: TestDatabase;
let later: LaterDatabases;
useFreshDatabases((...opened) => ([database, later] = opened));

const zip = (name: string, bytes = 1_000) => ({ key: `${name}.zip`, bytes });
const eventsOf = (id: string) => readEvents(database.orm, id, { after: 0, limit: 100_000 });
const isExpired = async (id: string) => {
  const job = await readJob(database.orm, id);
  return job !== null && "expiredAt" in job.state && job.state.expiredAt !== null;
};
const rowsOf = async (table: "jobs" | "removals" | "idempotency_keys" | "job_events") =>
  (await database.sql`SELECT FROM ${database.sql(table)}`).length;
/** Does all that there is to do, as the sweep does. */
const finish = async () => {
  while (await removeSomeEvents(database.sql)) continue;
  await noteArchivesRemoved(database.sql, await findArchivesToRemove(database.sql, "", 1_000));
  await closeRemovals(database.sql, 1_000);
};

describe("retention by age", () => {
  test("expires each job once, whatever runs beside, and keeps its row without output", async () => {
    const ids = [];
    for (let n = 0; n < 10; n += 1) ids.push(await storeEndedJob(database.sql, { archive: zip(String(n)) }));
    expect(await expireJobs(later.after("6 days 23 hours").sql, 100)).toBe(0);
    const { sql } = later.after("7 days 1 hour");
    const taken = await Promise.all([expireJobs(sql, 100), expireJobs(sql, 100), expireJobs(sql, 3)]);
    expect(taken[0] + taken[1] + taken[2]).toBe(10);
    await Promise.all([finish(), finish()]);
    for (const id of ids) {
      expect(await eventsOf(id)).toEqual([]);
      const job = await readJob(database.orm, id);
      if (job === null) throw new Error("the row is kept");
      expect(toJobView(job)).toMatchObject({
        status: "succeeded",
        output: null,
        download_link: `/download/${id}`,
      });
    }
    expect(await rowsOf("removals")).toBe(0);
    expect(await database.sql`SELECT FROM jobs WHERE events_deleted_at IS NULL`).toHaveLength(0);
  });

  test("leaves what has not ended, however old", async () => {
    const queued = await storeJob(database.sql);
    const { sql } = later.after("10 years");
    expect(await expireJobs(sql, 100)).toBe(0);
    expect(await deleteOldJobs(sql, 1, 100)).toBe(0);
    expect((await eventsOf(queued)).length).toBeGreaterThan(0);
  });

  test("of an idempotency key comes after a day", async () => {
    const idempotency = { key: "k", bodySha256: "a".repeat(64) };
    const job = { id: newJobId(), request: newRequest(), caller: localCaller, idempotency };
    await insertJob(database.sql, job);
    await expireIdempotencyKeys(later.after("23 hours").sql, 10);
    expect(await rowsOf("idempotency_keys")).toBe(1);
    await expireIdempotencyKeys(later.after("25 hours").sql, 10);
    expect(await rowsOf("idempotency_keys")).toBe(0);
  });
});

describe("retention by total size", () => {
  /** One a day, the one that ended first first. */
  const endedOnFiveDays = async () => {
    const ids: string[] = [];
    for (const days of ["5", "4", "3", "2", "1"])
      ids.push(await storeEndedJob(database.sql, { archive: zip(`d-${days}`), endedAgo: `${days} days` }));
    return ids;
  };

  test("expires those that ended first until the archives and events of the rest fit", async () => {
    const silent = await storeEndedJob(database.sql, { endedAgo: "7 days" });
    const bare = await storeEndedJob(database.sql, { endedAgo: "6 days", eventBytes: 700 });
    const ids = await endedOnFiveDays();
    expect(await expireOversize(database.sql, 5_700, 100)).toBe(0);
    expect(await expireOversize(database.sql, 5_699, 100)).toBe(2);
    expect(await Promise.all([silent, bare].map(isExpired))).toEqual([true, true]);
    expect(await expireOversize(database.sql, 3_999, 100)).toBe(2);
    expect(await Promise.all(ids.map(isExpired))).toEqual([true, true, false, false, false]);
    expect(await expireOversize(database.sql, 3_999, 100)).toBe(0);
    expect(await expireOversize(database.sql, 0, 100)).toBe(3);
  });

  test("takes no more than the limit, the oldest first, and goes on from there", async () => {
    const ids = await endedOnFiveDays();
    expect(await expireOversize(database.sql, 1_000, 3)).toBe(3);
    expect(await Promise.all(ids.map(isExpired))).toEqual([true, true, true, false, false]);
    expect(await expireOversize(database.sql, 1_000, 3)).toBe(1);
    expect(await expireOversize(database.sql, 1_000, 3)).toBe(0);
  });

  test("by several sweepers at once takes what one would take", async () => {
    for (let n = 0; n < 40; n += 1) await storeEndedJob(database.sql, { archive: zip(`n-${String(n)}`) });
    const taken = await Promise.all(
      Array.from({ length: 12 }, () => expireOversize(database.sql, 25_000, 7)),
    );
    let total = taken.reduce((sum, each) => sum + each, 0);
    while (total < 15) total += await expireOversize(database.sql, 25_000, 7);
    expect(total).toBe(15);
    expect(await expireOversize(database.sql, 25_000, 7)).toBe(0);
  });
});

describe("retention of rows", () => {
  test("counts from the expiry, and takes the row and its key", async () => {
    const id = await storeEndedJob(database.sql, { archive: zip("old") });
    await database.sql`INSERT INTO idempotency_keys VALUES ('', 'k', 'sha', ${id})`;
    await expireJobs(later.after("8 days").sql, 10);
    await finish();
    expect(await deleteOldJobs(later.after("97 days").sql, 90, 10)).toBe(0);
    expect(await readJob(database.orm, id)).not.toBeNull();
    expect(await deleteOldJobs(later.after("99 days").sql, 90, 10)).toBe(1);
    expect(await readJob(database.orm, id)).toBeNull();
    expect(await rowsOf("idempotency_keys")).toBe(0);
    expect(await rowsOf("removals")).toBe(0);
  });

  test("forgets no archive and no event of a row that goes before they do", async () => {
    const id = await storeEndedJob(database.sql, { archive: zip("left"), endedAgo: "200 days" });
    await database.sql`UPDATE jobs SET expired_at = longshore_now() - interval '100 days' WHERE id = ${id}`;
    expect(await deleteOldJobs(database.sql, 90, 10)).toBe(1);
    expect(await findArchivesToRemove(database.sql, "", 10)).toEqual(["left.zip"]);
    await finish();
    expect(await rowsOf("job_events")).toBe(0);
  });
});

describe("the deletion of a job", () => {
  test("takes the row and its key at once, and leaves the archive and the events to be removed", async () => {
    const id = await storeEndedJob(database.sql, { archive: zip("gone") });
    const other = await storeEndedJob(database.sql, { archive: zip("kept") });
    await database.sql`INSERT INTO idempotency_keys VALUES ('', 'k', 'sha', ${id}), ('', 'o', 'sha', ${other})`;
    expect(await deleteJob(database.sql, id)).toEqual({ ok: true, value: undefined });
    expect(await readJob(database.orm, id)).toBeNull();
    expect(await database.sql`SELECT key FROM idempotency_keys`).toEqual([{ key: "o" }]);
    expect(await findArchivesToRemove(database.sql, "", 10)).toEqual(["gone.zip"]);
    await finish();
    expect(await rowsOf("removals")).toBe(0);
    expect(await eventsOf(id)).toEqual([]);
    expect(await eventsOf(other)).toHaveLength(5);
    expect(await deleteJob(database.sql, id)).toEqual({ ok: false, failure: "job_not_found" });
  });

  test("is refused while the job has not ended, by the table itself too", async () => {
    const id = await storeJob(database.sql);
    expect(await deleteJob(database.sql, id)).toEqual({ ok: false, failure: "not_finished" });
    await expect(database.sql`DELETE FROM jobs WHERE id = ${id}`).rejects.toThrow("has not ended");
    expect(await rowsOf("jobs")).toBe(1);
  });

  test("of one that expires at the same time, or whose removal is under way, ends in nothing left", async () => {
    const ids = [];
    for (let n = 0; n < 30; n += 1)
      ids.push(
        await storeEndedJob(database.sql, { archive: zip(`n-${String(n)}`), endedAgo: "8 days", lines: 50 }),
      );
    const closing = async () => {
      for (let round = 0; round < 30; round += 1) await finish();
    };
    await Promise.all([
      expireJobs(database.sql, 15).then(() => expireJobs(database.sql, 15)),
      ...ids.map((id) => deleteJob(database.sql, id)),
      closing(),
    ]);
    await finish();
    for (const table of ["jobs", "removals", "job_events"] as const) expect(await rowsOf(table)).toBe(0);
  });

  test("by ten callers at once is done by one of them", async () => {
    const id = await storeEndedJob(database.sql);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => deleteJob(database.sql, id)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe("what is to be removed", () => {
  test("goes from the last event down, some thousands at a time, and from where it was cut off", async () => {
    const id = await storeEndedJob(database.sql, { lines: 25_000 });
    await deleteJob(database.sql, id);
    const seen = [];
    do {
      const events = await eventsOf(id);
      seen.push(events.length);
      // No reader that goes on from anywhere meets a gap.
      expect(events.every(({ seq }, index) => seq === index + 1)).toBe(true);
    } while (await removeSomeEvents(database.sql));
    expect(seen).toEqual([25_002, 15_002, 5_002, 0]);
    expect(await rowsOf("removals")).toBe(1);
    expect(await closeRemovals(database.sql, 10)).toBe(1);
    expect(await rowsOf("removals")).toBe(0);
  });

  test("is shared by workers beside each other, and none waits for another", async () => {
    for (let n = 0; n < 8; n += 1)
      await deleteJob(database.sql, await storeEndedJob(database.sql, { lines: 500 }));
    const worker = async () => {
      let batches = 0;
      while (await removeSomeEvents(database.sql)) batches += 1;
      return batches;
    };
    const batches = await Promise.all([worker(), worker(), worker(), worker()]);
    expect(batches.reduce((sum, each) => sum + each, 0)).toBe(8);
    expect(await rowsOf("job_events")).toBe(0);
  });

  test("is not struck off before its archive is gone", async () => {
    await deleteJob(database.sql, await storeEndedJob(database.sql, { archive: zip("stays") }));
    while (await removeSomeEvents(database.sql)) continue;
    expect(await closeRemovals(database.sql, 10)).toBe(0);
    await noteArchivesRemoved(database.sql, ["stays.zip"]);
    expect(await closeRemovals(database.sql, 10)).toBe(1);
  });

  test("is told page by page", async () => {
    for (const name of ["c", "a", "b"])
      await deleteJob(database.sql, await storeEndedJob(database.sql, { archive: zip(name) }));
    expect(await findArchivesToRemove(database.sql, "", 2)).toEqual(["a.zip", "b.zip"]);
    expect(await findArchivesToRemove(database.sql, "b.zip", 2)).toEqual(["c.zip"]);
  });

  test("names its archive, as a job does and an end that is still to be written; all else is stray", async () => {
    await storeEndedJob(database.sql, { archive: zip("kept") });
    await deleteJob(database.sql, await storeEndedJob(database.sql, { archive: zip("removed") }));
    const settled = { status: "succeeded", failure: null, stored: { archive: { key: "settled.zip" } } };
    await database.sql`
      UPDATE jobs SET status = 'running', lease_owner = gen_random_uuid(), lease_until = longshore_now(),
             started_at = longshore_now(), attempt_started_at = longshore_now(),
             settled_status = 'succeeded', settled = ${database.sql.json(settled)}::jsonb
       WHERE id = ${await storeJob(database.sql)}`;
    const keys = ["kept.zip", "removed.zip", "settled.zip", "stray.zip"];
    expect(await findUnreferencedArchives(database.sql, keys)).toEqual(["stray.zip"]);
    await finish();
    expect(await findUnreferencedArchives(database.sql, keys)).toEqual(["removed.zip", "stray.zip"]);
    expect(await findUnreferencedArchives(database.sql, [])).toEqual([]);
  });
});
