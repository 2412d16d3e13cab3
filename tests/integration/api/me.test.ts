// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { meView } from "@longshore/shared/contracts/me-view";
import { type Scope, scopes } from "@longshore/shared/domain/access";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askAs } from "../../support/ask-as.ts";
import { makeKey } from "../../support/test-keys.ts";

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi({ tenantLimits: { unfinished: 0, queued: 50, perMinute: 600, storedMb: 0 } });
});
afterEach(() => api.remove());

const askMe = async (key: string | null) => {
  const response = await askAs(api.app, key)("GET", "/me");
  expect({ status: response.status, cache: response.headers.get("Cache-Control") }).toEqual({
    ...{ status: 200, cache: "no-store" },
  });
  return meView.parse(await response.json());
};

test("a key is told whose it is, what it is called, and what its tenant may and does use", async () => {
  const { sql } = api.database;
  const made = await makeKey(sql, "acme", ["jobs:read", "jobs:write"]);
  const operator = await makeKey(sql, "local", ["admin"]);
  await askAs(api.app, operator.key)("PATCH", "/tenants/acme", { body: { queued: 5, stored_mb: 7 } });
  await askAs(api.app, made.key)("POST", "/schedule", { body: { prompt: "x" } });
  const { key, ...me } = await askMe(made.key);
  expect(me).toEqual({
    ...{ tenant: "acme", scopes: ["jobs:read", "jobs:write"], runs_service: false },
    limits: { unfinished: null, queued: 5, per_minute: 600, stored_mb: 7 },
    use: { unfinished: 1, queued: 1, stored_bytes: 0 },
  });
  expect(key).toMatchObject({ id: made.id, prefix: made.prefix, name: made.name, state: "valid" });
  expect(JSON.stringify(key)).not.toContain(made.key.slice(-43));
});

test.each<readonly [string, Scope, readonly Scope[], boolean]>([
  ["acme", "jobs:read", ["jobs:read"], false],
  ["acme", "jobs:write", ["jobs:write"], false],
  ["acme", "admin", scopes, false],
  ["local", "jobs:read", ["jobs:read"], false],
  ["local", "admin", scopes, true],
])("a key of %s made with %s alone is told what it may", async (tenant, scope, may, runsService) => {
  const { key } = await makeKey(api.database.sql, tenant, [scope]);
  expect(await askMe(key)).toMatchObject({ tenant, scopes: may, runs_service: runsService });
});

test("a service without keys takes everybody for who runs it", async () => {
  expect(await askMe(null)).toMatchObject({ tenant: "local", key: null, scopes, runs_service: true });
});
