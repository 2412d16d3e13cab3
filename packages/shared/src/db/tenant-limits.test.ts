import { expect, test } from "vitest";
import {
  endStoredJob,
  newRequest,
  someArchive,
  storeRunningJob,
} from "../../../../tests/support/stored-job.ts";
import { holdTenant } from "../../../../tests/support/hold-rows.ts";
import { storeEndedJob } from "../../../../tests/support/ended-jobs.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useOneDatabase } from "../../../../tests/support/use-database.ts";
import { localTenant } from "../domain/access.ts";
import { newJobId } from "../domain/job-id.ts";
import { noTenantLimits, type TenantLimits } from "../domain/tenant-limits.ts";
import { connectDatabase, type Sql } from "./connect-database.ts";
import { deleteJob } from "./delete-job.ts";
import { insertJob } from "./insert-job.ts";
import { requestCancel } from "./request-cancel.ts";
import { listTenantLimits, setTenantLimits } from "./tenant-limits.ts";
import { TenantRowHeld } from "./tenant-row-held.ts";

let database: TestDatabase;
useOneDatabase((opened) => (database = opened));

/** Submits one Job; gives "created" or "replayed", or why not. */
async function submit(
  tenant: string,
  limits: Partial<TenantLimits>,
  { sql = database.sql, key = null }: { readonly sql?: Sql; readonly key?: string | null } = {},
): Promise<string> {
  const inserted = await insertJob(sql, {
    ...{ id: newJobId(), request: newRequest(), caller: { tenant, keyId: null } },
    idempotency: key === null ? null : { key, bodySha256: "a".repeat(64) },
    tenantLimits: { ...noTenantLimits, ...limits },
  });
  if (inserted.ok) return inserted.value.type;
  return typeof inserted.failure === "string" ? inserted.failure : inserted.failure.code;
}

const submitMany = async (count: number, one: () => Promise<string>) => {
  const outcomes = await Promise.all(Array.from({ length: count }, one));
  return Object.fromEntries(
    [...new Set(outcomes)]
      .toSorted()
      .map((each) => [each, outcomes.filter((other) => other === each).length]),
  );
};

test("of fifty that two processes submit at once as many are queued as may, and not one more", async () => {
  const other = connectDatabase({ url: database.url, maxConnections: 8, applicationName: "other-api" });
  try {
    let turn = 0;
    const one = () =>
      submit("busy", { queued: 7 }, { sql: (turn += 1) % 2 === 0 ? other.sql : database.sql });
    expect(await submitMany(50, one)).toEqual({ created: 7, tenant_queue_full: 43 });
    expect(await submit("another", { queued: 7 })).toBe("created");
  } finally {
    await other.close();
  }
});

test("jobs that run count among the unfinished ones, and not among those that wait", async () => {
  await storeRunningJob(database.sql);
  const limits = { unfinished: 3, queued: 2 };
  expect(await submitMany(5, () => submit(localTenant, limits))).toEqual({
    created: 2,
    tenant_queue_full: 3,
  });
  expect(await submit(localTenant, { unfinished: 3 })).toBe("tenant_jobs_full");
  const [waiting] = await database.sql<
    { id: string }[]
  >`SELECT id FROM jobs WHERE tenant = 'local' AND status = 'queued'`;
  await requestCancel(database.sql, waiting?.id ?? "", 7);
  expect(await submit(localTenant, { unfinished: 3 })).toBe("created");
});

test("a minute's jobs may come at once, and then as many as the minute brings", async () => {
  // So few that none comes back while a busy machine submits the others.
  const limits = { perMinute: 2 };
  expect(await submitMany(20, () => submit("hasty", limits))).toEqual({
    created: 2,
    tenant_rate_exceeded: 18,
  });
  const later = connectDatabase({
    ...{ url: database.url, maxConnections: 2, applicationName: "later", clockShift: "31 seconds" },
  });
  try {
    const after = () => submit("hasty", limits, { sql: later.sql });
    expect(await submitMany(20, after)).toEqual({ created: 1, tenant_rate_exceeded: 19 });
  } finally {
    await later.close();
  }
});

test("who is over the minute's bound is told when the next one may come", async () => {
  const job = { request: newRequest(), caller: { tenant: "told", keyId: null }, idempotency: null };
  const tenantLimits = { ...noTenantLimits, perMinute: 2 };
  for (let times = 0; times < 2; times += 1) {
    await insertJob(database.sql, { ...job, id: newJobId(), tenantLimits });
  }
  const refused = await insertJob(database.sql, { ...job, id: newJobId(), tenantLimits });
  if (refused.ok || typeof refused.failure === "string") throw new Error("it was not held against the bound");
  expect(refused.failure.code).toBe("tenant_rate_exceeded");
  // One comes back in half a minute; some of that has gone by.
  expect(refused.failure.retryAfterSeconds).toBeGreaterThan(0);
  expect(refused.failure.retryAfterSeconds).toBeLessThanOrEqual(30);
});

test("a job that was deleted does not give back what the minute allows", async () => {
  const limits = { perMinute: 1 };
  expect(await submit("sly", limits)).toBe("created");
  const [job] = await database.sql<{ id: string }[]>`SELECT id FROM jobs WHERE tenant = 'sly'`;
  const id = job?.id ?? "";
  expect(await requestCancel(database.sql, id, 7)).toBe("cancelled");
  expect(await deleteJob(database.sql, id)).toMatchObject({ ok: true });
  expect(await submit("sly", limits)).toBe("tenant_rate_exceeded");
});

test("archives and events above the bound keep more jobs from coming, until they are deleted", async () => {
  const fence = await storeRunningJob(database.sql);
  await database.sql`UPDATE jobs SET event_bytes = 1048576 WHERE id = ${fence.jobId}`;
  await endStoredJob(database.sql, fence, "succeeded", { ...someArchive, bytes: 3 * 1_048_576 });
  expect(await submit(localTenant, { storedMb: 5 })).toBe("created");
  const later = connectDatabase({
    ...{ url: database.url, maxConnections: 2, applicationName: "later", clockShift: "1 hour" },
  });
  try {
    expect(await submit(localTenant, { storedMb: 4 }, { sql: later.sql })).toBe("tenant_storage_full");
    await deleteJob(database.sql, fence.jobId);
    expect(await submit(localTenant, { storedMb: 4 })).toBe("created");
  } finally {
    await later.close();
  }
});

test("what a tenant keeps is added up the more seldom the longer that takes, but once a minute", async () => {
  const tenant = "keeper";
  const after = async (clockShift: string) => {
    const later = connectDatabase({
      ...{ url: database.url, maxConnections: 2, applicationName: "later", clockShift },
    });
    const outcome = await submit(tenant, { storedMb: 4 }, { sql: later.sql });
    await later.close();
    return outcome;
  };
  expect(await after("0 s")).toBe("created");
  await storeEndedJob(database.sql, {
    tenant,
    archive: { key: "kept.zip", bytes: 5 * 1_048_576 },
  });
  await database.sql`UPDATE tenant_use SET measured_seconds = 1 WHERE tenant = ${tenant}`;
  expect(await after("10 seconds")).toBe("created");
  await database.sql`UPDATE tenant_use SET measured_seconds = 20 WHERE tenant = ${tenant}`;
  expect(await after("30 seconds")).toBe("created");
  expect(await after("2 minutes")).toBe("tenant_storage_full");
});

test("a clock that was set back while a tenant's jobs were added up refuses none of its jobs", async () => {
  expect(await submit("set-back", { storedMb: 4 })).toBe("created");
  // What the function then writes: it cannot be made to run while the machine's clock is set.
  await database.sql`UPDATE tenant_use SET measured_seconds = -1, measured_at = NULL WHERE tenant = 'set-back'`;
  expect(await submit("set-back", { storedMb: 4 })).toBe("created");
});

test("a job waits no longer than two seconds for its tenant's row, which somebody holds", async () => {
  expect(await submit("held", { queued: 9 })).toBe("created");
  const free = await holdTenant(database.sql, "held");
  try {
    await expect(submit("held", { queued: 9 })).rejects.toBeInstanceOf(TenantRowHeld);
  } finally {
    await free();
  }
});

test("a replay is answered with its job at any limit, and a key of a refused job is free", async () => {
  const limits = { queued: 1 };
  expect(await submit("keyed", limits, { key: "one" })).toBe("created");
  expect(await submit("keyed", limits, { key: "two" })).toBe("tenant_queue_full");
  expect(await submit("keyed", limits, { key: "one" })).toBe("replayed");
  expect(await submit("keyed", { queued: 2 }, { key: "two" })).toBe("created");
});

test("a tenant's own limits go before the service's, which are left alone where nothing is said", async () => {
  await setTenantLimits(database.sql, "own", { queued: 2, perMinute: 0 });
  const service = { queued: 1, perMinute: 1 };
  expect(await submitMany(4, () => submit("own", service))).toEqual({ created: 2, tenant_queue_full: 2 });
  await setTenantLimits(database.sql, "own", { queued: 0 });
  expect(await submitMany(4, () => submit("own", service))).toEqual({ created: 4 });
  await setTenantLimits(database.sql, "own", { perMinute: null });
  expect(await submitMany(4, () => submit("own", service))).toEqual({ created: 1, tenant_rate_exceeded: 3 });
  expect(await listTenantLimits(database.orm)).toEqual([
    { tenant: "own", unfinished: null, queued: 0, perMinute: null, storedMb: null },
  ]);
  const trail = await database.sql<{ details: unknown }[]>`
    SELECT details FROM audit_events WHERE action = 'tenant.limited' ORDER BY id`;
  expect(trail.map(({ details }) => details)).toEqual([
    { queued: 2, perMinute: 0 },
    { queued: 0 },
    { perMinute: null },
  ]);
});
