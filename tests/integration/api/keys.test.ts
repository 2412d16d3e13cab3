// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { keyList } from "@longshore/shared/contracts/key-view";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeExpiredKey, makeKey, makeRevokedKey } from "../../support/test-keys.ts";

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.remove());

const ask = async (key?: string) =>
  api.app.request("/keys", { headers: key === undefined ? {} : { "X-API-Key": key } });

test("keys are listed without their secrets, to who runs the service all, to an admin of a tenant its own", async () => {
  expect(keyList.parse(await (await ask()).json())).toEqual({ keys: [] });
  const { sql } = api.database;
  const operator = await makeKey(sql, "local", ["admin"]);
  const admin = await makeKey(sql, "acme", ["admin"]);
  const revoked = await makeRevokedKey(sql, "acme", ["jobs:read"]);
  const expired = await makeExpiredKey(sql, "rival", ["jobs:read", "jobs:write"]);
  const answer = await (await ask(operator.key)).text();
  for (const { key } of [operator, admin, revoked, expired]) expect(answer).not.toContain(key.slice(-43));
  expect(keyList.parse(JSON.parse(answer)).keys).toMatchObject([
    { prefix: expired.prefix, tenant: "rival", state: "expired", scopes: ["jobs:read", "jobs:write"] },
    { prefix: revoked.prefix, tenant: "acme", state: "revoked", revoked_at: expect.any(String) },
    { prefix: admin.prefix, tenant: "acme", state: "valid", expires_at: null },
    { prefix: operator.prefix, tenant: "local", state: "valid" },
  ]);
  const own = keyList.parse(await (await ask(admin.key)).json());
  expect(own.keys.map(({ prefix }) => prefix)).toEqual([revoked.prefix, admin.prefix]);
  expect((await ask((await makeKey(sql, "acme", ["jobs:read", "jobs:write"])).key)).status).toBe(403);
});
