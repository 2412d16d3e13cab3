// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { tenantList } from "@longshore/shared/contracts/tenant-view";
import { listAuditEvents } from "@longshore/shared/db/audit-trail";
import type { CreatedKey } from "@longshore/shared/db/create-key";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { askAs } from "../../support/ask-as.ts";
import { storeEndedJob } from "../../support/ended-jobs.ts";
import { makeKey, makeRevokedKey } from "../../support/test-keys.ts";

let api: TestApi;
let operator: CreatedKey;
let admin: CreatedKey;
beforeEach(async () => {
  const tenantLimits = { unfinished: 0, queued: 50, perMinute: 600, storedMb: 0 };
  api = await createTestApi({ tenantLimits });
  const { sql } = api.database;
  operator = await makeKey(sql, "local", ["admin"]);
  admin = await makeKey(sql, "acme", ["admin"]);
  await makeRevokedKey(sql, "acme", ["jobs:read"]);
});
afterEach(() => api.remove());

const list = async ({ key }: CreatedKey) =>
  tenantList.parse(await (await askAs(api.app, key)("GET", "/tenants")).json()).tenants;
const limit = (by: CreatedKey | null, tenant: string, body: unknown, headers = {}) =>
  askAs(api.app, by?.key ?? null)("PATCH", `/tenants/${tenant}`, { body, headers });
const submit = async ({ key }: CreatedKey) =>
  (await askAs(api.app, key)("POST", "/schedule", { body: { prompt: "x" } })).status;

test("tenants are shown with what holds for them and what they use, to an admin of one that one alone", async () => {
  const archive = { key: "a.zip", bytes: 1_000, sha256: "a".repeat(64) };
  await storeEndedJob(api.database.sql, { archive, tenant: "acme" });
  expect(await submit(admin)).toBe(202);
  await limit(operator, "acme", { queued: 5, per_minute: 0 });
  const [acme, local, ...others] = await list(operator);
  expect(others).toEqual([]);
  expect(acme).toEqual({
    ...{ name: "acme", keys: 1 },
    limits: { unfinished: null, queued: 5, per_minute: null, stored_mb: null },
    own_limits: { unfinished: null, queued: 5, per_minute: 0, stored_mb: null },
    use: { unfinished: 1, queued: 1, stored_bytes: expect.any(Number) as number },
  });
  expect(acme?.use.stored_bytes).toBeGreaterThanOrEqual(1_000);
  expect(local).toMatchObject({ name: "local", keys: 1, limits: { queued: 50, per_minute: 600 } });
  expect(await list(admin)).toEqual([acme]);
});

test("limits that are given change, others stay, and the next submission is held against them", async () => {
  expect((await limit(operator, "acme", { queued: 1, stored_mb: 10 })).status).toBe(200);
  const changed = await limit(operator, "acme", { stored_mb: null, unfinished: 7 });
  expect(await changed.json()).toMatchObject({
    own_limits: { unfinished: 7, queued: 1, per_minute: null, stored_mb: null },
  });
  expect([await submit(admin), await submit(admin)]).toEqual([202, 429]);
});

test("a tenant may have limits before it has keys", async () => {
  expect(await (await limit(operator, "soon", { queued: 1 })).json()).toMatchObject({
    name: "soon",
    keys: 0,
  });
});

test("who changed limits stands in the audit trail and in the log", async () => {
  await limit(operator, "acme", { queued: 3 }, { "X-Request-Id": "limited-1" });
  const trail = await listAuditEvents(api.database.orm, { tenant: "acme", keyId: operator.id }, 10);
  expect(trail.filter(({ action }) => action === "tenant.limited")).toMatchObject([
    { tenant: "acme", keyId: operator.id, requestId: "limited-1", details: { queued: 3 } },
  ]);
  expect(api.logged.filter((line) => line.includes('"audit":"tenant.limited"'))).toHaveLength(1);
});

test("an admin of a tenant changes no limits, not even its own, and that was tried is told", async () => {
  for (const tenant of ["acme", "rival", "local"]) {
    const refused = await limit(admin, tenant, { queued: 0 });
    expect(refused.headers.get("WWW-Authenticate")).toContain("insufficient_scope");
    expect(await refused.json()).toMatchObject({ status: 403, code: "operator_only" });
  }
  expect(await api.database.sql`SELECT FROM tenant_limits`).toHaveLength(0);
  const refusals = async () =>
    (await listAuditEvents(api.database.orm, { tenant: "acme", keyId: admin.id }, 10)).filter(
      ({ action }) => action === "key.refused",
    );
  await expect
    .poll(refusals, { timeout: 20_000, interval: 50 })
    .toMatchObject([{ details: { code: "operator_only", route: "PATCH /tenants/:name" } }]);
});

test("nothing is limited on a service without keys, where everybody is let in", async () => {
  const open = await createTestApi();
  try {
    const ask = askAs(open.app, null);
    expect(await answerJson(ask("PATCH", "/tenants/local", { body: { queued: 1 } }))).toMatchObject({
      ...{ status: 409, code: "keys_unconfigured" },
    });
    expect(tenantList.parse(await (await ask("GET", "/tenants")).json()).tenants).toMatchObject([
      { name: "local", keys: 0 },
    ]);
  } finally {
    await open.remove();
  }
});

test.each([
  ["nothing", {}, ""],
  ["an unknown limit", { queued: 1, per_hour: 1 }, "/per_hour"],
  ["a limit below 0", { queued: -1 }, "/queued"],
  ["half a job", { queued: 1.5 }, "/queued"],
  ["a limit beyond counting", { queued: 1_000_000_000 }, "/queued"],
  ["a word for a limit", { queued: "none" }, "/queued"],
])("%s is 422, and nothing is changed", async (_, body, pointer) => {
  expect(await answerJson(limit(operator, "acme", body))).toMatchObject({
    ...{ status: 422, code: "invalid_body", errors: [{ pointer }] },
  });
  expect(await api.database.sql`SELECT FROM tenant_limits`).toHaveLength(0);
});

test("a name that no tenant has is 400", async () => {
  expect(await answerJson(limit(operator, "A%20b", { queued: 1 }))).toMatchObject({
    ...{ status: 400, code: "invalid_id" },
  });
});
