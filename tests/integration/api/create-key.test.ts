// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { keyList } from "@longshore/shared/contracts/key-view";
import { createdKey, type CreatedKeyView } from "@longshore/shared/contracts/new-key";
import { listAuditEvents } from "@longshore/shared/db/audit-trail";
import { mostKeysAnHour } from "@longshore/shared/db/create-key";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { askAs, type AskedBody } from "../../support/ask-as.ts";
import { makeKey } from "../../support/test-keys.ts";

let api: TestApi;
beforeEach(async () => {
  api = await createTestApi();
});
afterEach(() => api.remove());

const post = async (key: string | null, body: unknown, headers: AskedBody["headers"] = {}) =>
  askAs(api.app, key)("POST", "/keys", { body, headers });
const make = async (key: string, body: unknown): Promise<CreatedKeyView> => {
  const response = await post(key, body);
  expect(response.status).toBe(201);
  return createdKey.parse(await response.json());
};
const admins = async () => ({
  operator: (await makeKey(api.database.sql, "local", ["admin"])).key,
  admin: await makeKey(api.database.sql, "acme", ["admin"]),
});
const keyRows = async () => (await api.database.sql`SELECT FROM api_keys`).length;

describe("a key that an admin makes", () => {
  test("is of its own tenant, reads and writes, and works at once, and its secret is in that answer alone", async () => {
    const { admin } = await admins();
    const made = await make(admin.key, { name: " ci of acme " });
    expect(made).toMatchObject({
      ...{ name: "ci of acme", tenant: "acme", scopes: ["jobs:read", "jobs:write"], state: "valid" },
      ...{ expires_at: null, last_used_at: null, revoked_at: null },
    });
    expect((await askAs(api.app, made.key)("GET", "/jobs")).status).toBe(200);
    const list = await (await askAs(api.app, admin.key)("GET", "/keys")).text();
    expect(list).toContain(made.prefix);
    const trail = JSON.stringify(await listAuditEvents(api.database.orm, { tenant: null, keyId: null }, 100));
    const rows = JSON.stringify(await api.database.sql`SELECT row_to_json(api_keys) FROM api_keys`);
    const secret = made.key.slice(-43);
    for (const text of [list, trail, rows, api.logged.join("")]) expect(text).not.toContain(secret);
  });

  test("says which key made it, and works on where that one is revoked", async () => {
    const { operator, admin } = await admins();
    const first = await make(admin.key, { name: "second admin", scopes: ["admin"] });
    const made = await make(first.key, { name: "ci" });
    expect([first.created_by, made.created_by]).toEqual([admin.id, first.id]);
    expect((await askAs(api.app, operator)("DELETE", `/keys/${first.id}`)).status).toBe(200);
    expect((await askAs(api.app, made.key)("GET", "/jobs")).status).toBe(200);
    const list: unknown = await (await askAs(api.app, admin.key)("GET", "/keys")).json();
    const makers = keyList.parse(list).keys.map(({ name, created_by: by, state }) => ({ name, by, state }));
    expect(makers).toEqual(
      expect.arrayContaining([
        { name: "ci", by: first.id, state: "valid" },
        { name: "second admin", by: admin.id, state: "revoked" },
        { name: admin.name, by: null, state: "valid" },
      ]),
    );
  });

  test("may end, and hold what is asked for, each scope once", async () => {
    const { admin } = await admins();
    const made = await make(admin.key, {
      ...{ name: "night", scopes: ["admin", "jobs:read", "admin"] },
      expires_at: "2100-01-01T00:00:00+02:00",
    });
    expect(made).toMatchObject({ scopes: ["jobs:read", "admin"], expires_at: "2099-12-31T22:00:00.000Z" });
  });

  test("stands in the audit trail and in the log with who made it, and by which request", async () => {
    const { admin } = await admins();
    const answer = await post(admin.key, { name: "ci" }, { "X-Request-Id": "made-1" });
    const { id, prefix } = createdKey.parse(await answer.json());
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const of = { tenant: "acme", keyId: admin.id };
    const [told] = await listAuditEvents(api.database.orm, of, 100);
    expect(told).toMatchObject({
      ...{ action: "key.created", tenant: "acme", keyId: id, requestId: "made-1" },
      details: { name: "ci", prefix, scopes: "jobs:read,jobs:write", by: admin.id },
    });
    expect(api.logged.filter((line) => line.includes('"audit":"key.created"'))).toHaveLength(1);
  });
});

describe("who may make which key", () => {
  test("is an admin of another tenant for that one alone, and who runs the service for all", async () => {
    const { operator, admin } = await admins();
    for (const tenant of ["local", "rival", "nobody-yet"]) {
      const refused = await post(admin.key, { name: "x", tenant, scopes: ["admin"] });
      expect(await answerJson(Promise.resolve(refused))).toMatchObject({
        status: 403,
        code: "operator_only",
      });
    }
    expect(await keyRows()).toBe(2);
    const told = async () =>
      (await listAuditEvents(api.database.orm, { tenant: "acme", keyId: admin.id }, 100)).filter(
        ({ action }) => action === "key.refused",
      );
    await expect
      .poll(told, { timeout: 20_000, interval: 50 })
      .toMatchObject([{ details: { code: "operator_only", route: "POST /keys" } }]);
    expect(await make(operator, { name: "x", tenant: "rival", scopes: ["admin"] })).toMatchObject({
      tenant: "rival",
    });
    expect(await make(admin.key, { name: "x", tenant: "acme" })).toMatchObject({ tenant: "acme" });
  });

  test("is nobody whose key reads and writes, whatever it asks for", async () => {
    await admins();
    const { key } = await makeKey(api.database.sql, "local", ["jobs:read", "jobs:write"]);
    for (const scopes of [["jobs:read"], ["admin"]]) {
      expect(await answerJson(post(key, { name: "x", scopes }))).toMatchObject({
        ...{ status: 403, code: "scope_missing" },
      });
    }
    expect(await keyRows()).toBe(3);
  });

  test("is nobody whose key was revoked", async () => {
    const { admin } = await admins();
    await revokeKey(api.database.sql, admin.id);
    expect(await answerJson(post(admin.key, { name: "x" }))).toMatchObject({
      status: 401,
      code: "key_revoked",
    });
    expect(await keyRows()).toBe(2);
  });

  test("is nobody on a service without keys, which says how its first one is made", async () => {
    expect(await answerJson(post(null, { name: "mine", scopes: ["admin"] }))).toMatchObject({
      ...{ status: 409, code: "keys_unconfigured" },
      detail: expect.stringContaining("npm run keys -- create --name") as string,
    });
    expect(await keyRows()).toBe(0);
    expect((await askAs(api.app, null)("GET", "/jobs")).status).toBe(200);
  });

  test("is bounded for a tenant in an hour, and not for another", async () => {
    const { operator, admin } = await admins();
    await api.database.sql`
      INSERT INTO api_keys (id, name, prefix, hash, tenant, scopes)
      SELECT gen_random_uuid(), 'many', 'lsk_many', sha256(n::text::bytea), 'acme', '{jobs:read}'
        FROM generate_series(2, ${mostKeysAnHour}) AS n`;
    const refused = await post(admin.key, { name: "x" });
    expect(refused.headers.get("Retry-After")).toMatch(/^[1-9]\d*$/);
    expect(await refused.json()).toMatchObject({ status: 429, code: "too_many_keys" });
    await make(operator, { name: "x", tenant: "rival" });
  });
});

describe("an Idempotency-Key", () => {
  const body = { name: "ci", scopes: ["jobs:read"], expires_at: "2100-01-01T00:00:00Z" };
  const same = { "Idempotency-Key": "once" };

  test("makes one key, however often and at once it is sent, and its secret is told once", async () => {
    const { admin } = await admins();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(admin.key, body, same)));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const replays = answers.filter(({ status }) => status === 200);
    expect(replays).toHaveLength(7);
    for (const { headers } of replays) expect(headers.get("Idempotent-Replay")).toBe("true");
    expect(texts.filter((text) => text.includes('"key":'))).toHaveLength(1);
    expect(new Set(texts.map((text) => (JSON.parse(text) as { id: string }).id)).size).toBe(1);
    expect(await keyRows()).toBe(3);
  });

  test("with another body is refused", async () => {
    const { admin } = await admins();
    expect((await post(admin.key, body, same)).status).toBe(201);
    for (const changed of [{ scopes: ["admin"] }, { name: "other" }, { expires_at: null }]) {
      expect(await answerJson(post(admin.key, { ...body, ...changed }, same))).toMatchObject({
        ...{ status: 409, code: "idempotency_conflict" },
      });
    }
  });

  test("of one maker says nothing to another, of its own tenant or not", async () => {
    const { operator, admin } = await admins();
    const other = await makeKey(api.database.sql, "acme", ["admin"]);
    const made = await Promise.all(
      [admin.key, other.key].map(async (key) => createdKey.parse(await (await post(key, body, same)).json())),
    );
    const third = await post(operator, { ...body, tenant: "acme" }, same);
    expect(third.status).toBe(201);
    const keys = [...made, createdKey.parse(await third.json())];
    expect(new Set(keys.map(({ key }) => key)).size).toBe(3);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(3);
  });

  test("that is none is refused before anything is made", async () => {
    const { admin } = await admins();
    const answer = await post(admin.key, body, { "Idempotency-Key": "" });
    expect(await answerJson(Promise.resolve(answer))).toMatchObject({ code: "invalid_idempotency_key" });
    expect(await keyRows()).toBe(2);
  });
});

test.each([
  ["no name", {}, "/name"],
  ["an empty name", { name: "  " }, "/name"],
  ["a name of two lines", { name: "a\nb" }, "/name"],
  ["a name of 101 characters", { name: "é".repeat(101) }, "/name"],
  ["a key for a name", { name: `lsk_aaaaaaaa_${"x".repeat(43)}` }, "/name"],
  ["a tenant that is none", { name: "x", tenant: "A b" }, "/tenant"],
  ["no scope", { name: "x", scopes: [] }, "/scopes"],
  ["an unknown scope", { name: "x", scopes: ["jobs:read", "root"] }, "/scopes/1"],
  ["a time that was", { name: "x", expires_at: "2020-01-01T00:00:00Z" }, "/expires_at"],
  ["a span for a time", { name: "x", expires_at: "90d" }, "/expires_at"],
  ["a secret of one's own", { name: "x", key: "lsk_mine" }, "/key"],
])("%s is 422, and nothing is made", async (_, body, pointer) => {
  const { admin } = await admins();
  expect(await answerJson(post(admin.key, body))).toMatchObject({
    ...{ status: 422, code: "invalid_body", errors: [{ pointer }] },
  });
  expect(await keyRows()).toBe(2);
});
