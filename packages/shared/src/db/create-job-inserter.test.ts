import { expect, test } from "vitest";
import { holdTenant } from "../../../../tests/support/hold-rows.ts";
import { newRequest } from "../../../../tests/support/stored-job.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { newJobId } from "../domain/job-id.ts";
import { noTenantLimits } from "../domain/tenant-limits.ts";
import { connectDatabase } from "./connect-database.ts";
import { createJobInserter } from "./create-job-inserter.ts";
import { DatabaseAway } from "./database-away.ts";
import { insertJobs, type NewJob } from "./insert-job.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

const newJob = (more: Partial<NewJob> = {}): NewJob => ({
  ...{ id: newJobId(), request: newRequest(), caller: { tenant: "local", keyId: null }, idempotency: null },
  ...more,
});
const keyed = (key: string, body: string) => newJob({ idempotency: { key, bodySha256: body.repeat(64) } });
const stored = async (jobs: readonly NewJob[]) => {
  const ids = jobs.map(({ id }) => id);
  const rows = await database.sql<{ id: string }[]>`
    SELECT jobs.id FROM jobs JOIN job_events ON job_id = jobs.id AND seq = 1 WHERE jobs.id = ANY (${ids}::uuid[])`;
  return ids.filter((id) => rows.some((row) => row.id === id));
};

test("of many that come at once each is stored, in few transactions, and all are there when they are answered", async () => {
  const insert = createJobInserter(database.sql);
  const jobs = Array.from({ length: 60 }, () => newJob());
  const outcomes = await Promise.all(jobs.map(insert));
  expect(outcomes.every((outcome) => outcome.ok && outcome.value.type === "created")).toBe(true);
  expect(await stored(jobs)).toHaveLength(60);
  const [transactions] = await database.sql<{ count: number }[]>`
    SELECT count(DISTINCT xmin::text)::integer AS count FROM jobs WHERE id = ANY (${jobs.map(({ id }) => id)}::uuid[])`;
  expect(transactions?.count).toBeLessThan(10);
});

test("each of several keys that come at once has its own answer: stored, the same again, another body", async () => {
  const insert = createJobInserter(database.sql);
  // The first two are stored alone, and the others together.
  const jobs = [
    ...[newJob(), newJob(), keyed("a", "1"), keyed("b", "1"), keyed("a", "1")],
    ...[keyed("b", "2"), keyed("c", "1"), keyed("a", "1")],
  ] as const;
  const [, , ofA] = jobs;
  const outcomes = await Promise.all(jobs.map(insert));
  const created = { ok: true, value: { type: "created" } };
  expect(outcomes).toMatchObject([
    ...[created, created, created, created],
    { ok: true, value: { type: "replayed", jobId: ofA.id } },
    ...[{ ok: false, failure: "idempotency_conflict" }, created],
    { ok: true, value: { type: "replayed", jobId: ofA.id } },
  ]);
});

test("a tenant's limits count those that are stored with it, and leave other tenants alone", async () => {
  const insert = createJobInserter(database.sql);
  const of = (tenant: string, queued: number) =>
    newJob({ caller: { tenant, keyId: null }, tenantLimits: { ...noTenantLimits, queued } });
  const jobs = Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? of("bounded", 4) : of("free", 0)));
  const outcomes = await Promise.all(jobs.map(insert));
  const created = jobs.filter((_, index) => outcomes[index]?.ok === true);
  expect(created.filter(({ caller }) => caller.tenant === "bounded")).toHaveLength(4);
  expect(created.filter(({ caller }) => caller.tenant === "free")).toHaveLength(15);
});

test("one that the database refuses takes none of the others with it", async () => {
  const insert = createJobInserter(database.sql);
  const [first, bad] = [newJob(), newJob({ caller: { tenant: "NO NAME", keyId: null } })];
  const others = Array.from({ length: 5 }, () => newJob());
  const outcomes = await Promise.allSettled([first, newJob(), bad, ...others].map(insert));
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...["fulfilled", "fulfilled", "rejected"],
    ...others.map(() => "fulfilled"),
  ]);
  expect(outcomes[2]).toMatchObject({ reason: { code: "23514" } });
  expect(await stored([bad])).toEqual([]);
  expect(await stored(others)).toHaveLength(5);
});

test("processes that store the same keys at once, in whatever order, never wait for each other for ever", async () => {
  const [here, there] = [createJobInserter(database.sql), createJobInserter(database.sql)];
  const names = Array.from({ length: 40 }, (_, index) => `crossed-${String(index)}`);
  const outcomes = await Promise.all([
    ...names.map((name) => here(keyed(name, "1"))),
    ...names.toReversed().map((name) => there(keyed(name, "1"))),
  ]);
  const types = outcomes.map((outcome) => (outcome.ok ? outcome.value.type : "refused"));
  expect(types.filter((type) => type === "created")).toHaveLength(40);
  expect(types.filter((type) => type === "replayed")).toHaveLength(40);
});

test("one of megabytes is stored beside the others", async () => {
  const insert = createJobInserter(database.sql);
  const large = newJob({
    request: newRequest({ files: [{ path: "large", content: "x".repeat(1_000_000) }] }),
  });
  const jobs = [newJob(), large, newJob(), newJob()];
  await Promise.all(jobs.map(insert));
  expect(await stored(jobs)).toHaveLength(4);
});

test("jobs are stored in the order of their tenants, so that two processes never wait for each other in a circle", async () => {
  const jobs = ["zebra", "local", "acme"].map((tenant) => newJob({ caller: { tenant, keyId: null } }));
  await insertJobs(database.sql, jobs);
  const rows = await database.sql<{ tenant: string }[]>`
    SELECT tenant FROM jobs WHERE id = ANY (${jobs.map(({ id }) => id)}::uuid[]) ORDER BY created_at`;
  expect(rows.map(({ tenant }) => tenant)).toEqual(["acme", "local", "zebra"]);
});

test("a tenant whose row is held keeps no other tenant's jobs waiting, and its own are stored when it is free", async () => {
  const own = connectDatabase({ url: database.url, maxConnections: 8, applicationName: "inserter" });
  const insert = createJobInserter(own.sql);
  const of = (tenant: string) =>
    newJob({ caller: { tenant, keyId: null }, tenantLimits: { ...noTenantLimits, queued: 100 } });
  const ended: string[] = [];
  const store = async (tenant: string) => {
    const outcome = await insert(of(tenant));
    expect(outcome).toMatchObject({ ok: true, value: { type: "created" } });
    ended.push(tenant);
  };
  // A connection takes a while to be made, and who waits for the row is not to wait for that.
  await Promise.all(Array.from({ length: 8 }, () => own.sql`SELECT pg_sleep(0.1)`));
  await store("held");
  const free = await holdTenant(database.sql, "held");
  const waiting = Promise.all(Array.from({ length: 60 }, () => store("held")));
  waiting.catch(() => undefined);
  try {
    await Promise.all(["beside", "beside", "beside"].map(store));
    for (let count = 0; count < 4; count += 1) await store("beside");
    expect(ended).toEqual(["held", ...Array.from({ length: 7 }, () => "beside")]);
  } finally {
    await free();
  }
  await waiting;
  await own.close();
});

test("all jobs that wait for their tenant's row in vain are told so, and not that the database is away", async () => {
  const insert = createJobInserter(database.sql);
  const store = () =>
    insert(
      newJob({ caller: { tenant: "busy", keyId: null }, tenantLimits: { ...noTenantLimits, queued: 100 } }),
    );
  await store();
  const free = await holdTenant(database.sql, "busy");
  try {
    for (const outcome of await Promise.allSettled(Array.from({ length: 60 }, store))) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "TenantRowHeld" } });
    }
  } finally {
    await free();
  }
  expect(await store()).toMatchObject({ ok: true, value: { type: "created" } });
});

test("large jobs of a tenant whose row is held take two connections, and keep no other tenant's waiting", async () => {
  const own = connectDatabase({ url: database.url, maxConnections: 6, applicationName: "inserter" });
  const insert = createJobInserter(own.sql);
  const files = [{ path: "large", content: "x".repeat(100_000) }];
  const of = (tenant: string) =>
    newJob({
      ...{ request: newRequest({ files }), caller: { tenant, keyId: null } },
      tenantLimits: { ...noTenantLimits, queued: 100 },
    });
  await Promise.all(Array.from({ length: 6 }, () => own.sql`SELECT pg_sleep(0.1)`));
  await insert(of("large"));
  const free = await holdTenant(database.sql, "large");
  const ended: string[] = [];
  try {
    const waiting = Array.from({ length: 8 }, () => insert(of("large")).finally(() => ended.push("large")));
    await insert(of("small")).finally(() => ended.push("small"));
    expect(ended).toEqual(["small"]);
    for (const outcome of await Promise.allSettled(waiting))
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "TenantRowHeld" } });
  } finally {
    await free();
    await own.close();
  }
});

test("a job that comes after others have waited for the row in vain is tried, while they are being told", async () => {
  const insert = createJobInserter(database.sql);
  const store = () =>
    insert(
      newJob({ caller: { tenant: "again", keyId: null }, tenantLimits: { ...noTenantLimits, queued: 9 } }),
    );
  await store();
  const free = await holdTenant(database.sql, "again");
  try {
    const [first, second] = [store(), store()];
    second.catch(() => undefined);
    await expect(first).rejects.toMatchObject({ name: "TenantRowHeld" });
    const next = store();
    await free();
    expect(await next).toMatchObject({ ok: true, value: { type: "created" } });
  } finally {
    await free();
  }
});

test("where too many wait already, the next is told at once that the database is away", async () => {
  const insert = createJobInserter(database.sql);
  // Two are being stored, and 500 wait.
  const outcomes = Array.from({ length: 503 }, async () => insert(newJob()));
  const firstToEnd = Promise.race(
    outcomes.map(async (outcome, index) => {
      await Promise.allSettled([outcome]);
      return index;
    }),
  );
  expect(await firstToEnd).toBe(502);
  await expect(outcomes[502]).rejects.toBeInstanceOf(DatabaseAway);
  await Promise.allSettled(outcomes);
});
