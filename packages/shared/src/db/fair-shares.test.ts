import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { holdTenant, holdTurn } from "../../../../tests/support/hold-rows.ts";
import { endStoredJob, newRequest } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useFreshDatabases } from "../../../../tests/support/use-database.ts";
import { newJobId } from "../domain/job-id.ts";
import { deleteJob } from "./delete-job.ts";
import { insertJob } from "./insert-job.ts";
import type { JobRow } from "./job-record.ts";
import { requestCancel } from "./request-cancel.ts";
import { requeueJob } from "./requeue-job.ts";
import { takeFreeLeases, takeNextLease } from "./take-lease.ts";

let database: TestDatabase;
useFreshDatabases((opened) => (database = opened));

const terms = { leaseSeconds: 60, engineId: null };

/** Submits Jobs one after the other, and gives their ids. */
async function submit(tenant: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    const id = newJobId();
    const job = { id, request: newRequest(), caller: { tenant, keyId: null }, idempotency: null };
    const stored = await insertJob(database.sql, job);
    if (!stored.ok) throw new Error("it was not stored");
    ids.push(id);
  }
  return ids;
}

const take = async () => takeNextLease(database.sql, randomUUID(), terms);
const end = async (row: JobRow | null) => {
  if (row === null) throw new Error("nothing was taken");
  const fence = { jobId: row.id, attempt: row.attempt, owner: row.leaseOwner ?? "", epoch: row.leaseEpoch };
  await endStoredJob(database.sql, fence, "succeeded");
};
/** Takes and ends one Attempt after the other, as a worker does that has one place. */
const runOneByOne = async (count: number) => {
  const tenants: (string | undefined)[] = [];
  for (let left = count; left > 0; left -= 1) {
    const row = await take();
    tenants.push(row?.tenant);
    await end(row);
  }
  return tenants;
};

describe("the Attempt that is next", () => {
  test("is the one that has been due for longest, where all are one tenant's", async () => {
    const ids = await submit("acme", 5);
    const taken: (string | undefined)[] = [];
    for (let left = 5; left > 0; left -= 1) taken.push((await take())?.id);
    expect(taken).toEqual(ids);
    expect(await take()).toBeNull();
  });

  test("is another tenant's one, behind many that were there before it", async () => {
    await submit("many", 30);
    expect(await runOneByOne(3)).toEqual(["many", "many", "many"]);
    await submit("one", 1);
    expect(await runOneByOne(3)).toEqual(["one", "many", "many"]);
  });

  test("is each tenant's in turn, as long as they have some", async () => {
    await submit("a", 9);
    await submit("b", 3);
    await submit("c", 2);
    expect(await runOneByOne(9)).toEqual(["a", "b", "c", "a", "b", "c", "a", "b", "a"]);
  });

  test("comes no sooner for a tenant that deletes what has run", async () => {
    await submit("sly", 4);
    await submit("honest", 4);
    const tenants: (string | undefined)[] = [];
    for (let left = 6; left > 0; left -= 1) {
      tenants.push(...(await runOneByOne(1)));
      const ended = await database.sql<{ id: string }[]>`
        SELECT id FROM jobs WHERE tenant = 'sly' AND finished_at IS NOT NULL`;
      for (const { id } of ended) await deleteJob(database.sql, id);
    }
    expect(tenants).toEqual(["sly", "honest", "sly", "honest", "sly", "honest"]);
  });

  test("is of the tenant of which the fewest run: long jobs get no more places than short ones", async () => {
    await submit("long", 9);
    await submit("short", 9);
    const running = [await take(), await take(), await take(), await take()];
    expect(running.map((row) => row?.tenant)).toEqual(["long", "short", "long", "short"]);
    // Those of one end, those of the other do not: the places that are free go to the one that has fewer.
    for (let times = 0; times < 3; times += 1) {
      await end(running.find((row) => row?.tenant === "short") ?? null);
      running.splice(
        running.findIndex((row) => row?.tenant === "short"),
        1,
        await take(),
      );
      expect(running.filter((row) => row?.tenant === "short")).toHaveLength(2);
    }
  });

  test("is taken by one of many workers that ask at once, and each of them gets one", async () => {
    const ids = [...(await submit("a", 12)), ...(await submit("b", 1)), ...(await submit("c", 3))];
    const rows = await Promise.all(Array.from({ length: 16 }, take));
    expect(rows.flatMap((row) => row?.id ?? []).toSorted()).toEqual(ids.toSorted());
  });

  test("is each tenant's in turn, too, where many are taken in one statement", async () => {
    await submit("a", 9);
    await submit("b", 3);
    await submit("c", 2);
    expect((await take())?.tenant).toBe("a");
    const taken = async (most: number) => {
      const rows = await takeFreeLeases(database.sql, randomUUID(), terms, most);
      return rows.map(({ tenant }) => tenant).toSorted();
    };
    expect(await taken(2)).toEqual(["b", "c"]);
    expect(await taken(5)).toEqual(["a", "a", "b", "b", "c"]);
    expect(await taken(9)).toEqual(["a", "a", "a", "a", "a", "a"]);
    expect(await taken(9)).toEqual([]);
  });

  test("is waited for where its row is held by somebody else for a moment", async () => {
    const [id] = await submit("acme", 1);
    const { promise: taken, resolve } = Promise.withResolvers<JobRow | null>();
    await database.sql.begin(async (holding) => {
      await holding`UPDATE jobs SET dispatched_at = longshore_now() WHERE id = ${id ?? ""}`;
      void take().then(resolve);
      const waiting = () => database.sql`
        SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      await expect.poll(async () => (await waiting()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    });
    expect((await taken)?.id).toBe(id);
  });

  test("keeps nobody waiting for what somebody else holds, while something else is due", async () => {
    const [held = ""] = await submit("acme", 1);
    const [other] = await submit("rival", 1);
    await database.sql.begin(async (holding) => {
      await holding`UPDATE jobs SET dispatched_at = longshore_now() WHERE id = ${held}`;
      expect((await take())?.id).toBe(other);
    });
    expect((await take())?.id).toBe(held);
  });

  test.each([
    ["whoever stores its tenant's jobs", holdTenant],
    ["whoever notes its tenant's turn", holdTurn],
  ])("keeps nobody waiting for %s", async (_, hold) => {
    await submit("held", 2);
    await submit("beside", 1);
    await database.sql`INSERT INTO tenant_use (tenant) VALUES ('held')`;
    expect((await take())?.tenant).toBe("held");
    const free = await hold(database.sql, "held");
    try {
      const rows = await takeFreeLeases(database.sql, randomUUID(), terms, 2);
      expect(rows.map(({ tenant }) => tenant).toSorted()).toEqual(["beside", "held"]);
    } finally {
      await free();
    }
  });

  test("is none that was cancelled, or that is to be tried again only later", async () => {
    const [cancelled = "", again] = await submit("acme", 2);
    await requestCancel(database.sql, cancelled, 7);
    const row = await take();
    expect(row?.id).toBe(again);
    const fence = { jobId: row?.id ?? "", attempt: 1, owner: row?.leaseOwner ?? "", epoch: 0 };
    await requeueJob(database.sql, fence, { delayMs: 60_000, countsAsFailed: true, reason: "lost" });
    expect(await take()).toBeNull();
  });

  test("is the other tenant's one behind ten thousand, too", async () => {
    await submit("many", 1);
    await database.sql`
      INSERT INTO jobs (id, tenant, max_attempts, prompt, metadata, request, usage, timings, last_seq)
      SELECT gen_random_uuid(), 'many', 3, prompt, metadata, request, usage, timings, 0
        FROM jobs, generate_series(1, 10000)`;
    await submit("one", 1);
    expect(await runOneByOne(3)).toEqual(["many", "one", "many"]);
  });
});
