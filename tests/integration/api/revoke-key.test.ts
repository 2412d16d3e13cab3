// First, as it prepares zod for the rest.
import { createTestApi, type TestApi } from "../../support/test-api.ts";
import { keyView } from "@longshore/shared/contracts/key-view";
import { listAuditEvents } from "@longshore/shared/db/audit-trail";
import type { CreatedKey } from "@longshore/shared/db/create-key";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerJson } from "../../support/answer-json.ts";
import { askAs } from "../../support/ask-as.ts";
import { startJob, storeJob } from "../../support/job-states.ts";
import { makeExpiredKey, makeKey } from "../../support/test-keys.ts";

let api: TestApi;
let operator: CreatedKey;
let admin: CreatedKey;
let reader: CreatedKey;
beforeEach(async () => {
  api = await createTestApi();
  const { sql } = api.database;
  operator = await makeKey(sql, "local", ["admin"]);
  admin = await makeKey(sql, "acme", ["admin"]);
  reader = await makeKey(sql, "acme", ["jobs:read", "jobs:write"]);
});
afterEach(() => api.remove());

const revoke = (by: CreatedKey | null, named: string, headers: Readonly<Record<string, string>> = {}) =>
  askAs(api.app, by?.key ?? null)("DELETE", `/keys/${named}`, { headers });
const statusOf = async ({ key }: CreatedKey) => (await askAs(api.app, key)("GET", "/jobs")).status;

describe("a key that an admin revokes", () => {
  test("by its prefix or its id is refused from the next request on, and twice is as once", async () => {
    expect(await statusOf(reader)).toBe(200);
    const first = keyView.parse(await (await revoke(admin, reader.prefix)).json());
    expect(first).toMatchObject({ id: reader.id, state: "revoked" });
    expect(await statusOf(reader)).toBe(401);
    for (const named of [reader.id, reader.id.toUpperCase(), reader.prefix]) {
      expect(keyView.parse(await (await revoke(admin, named)).json())).toEqual(first);
    }
    const trail = await listAuditEvents(api.database.orm, { tenant: "acme", keyId: admin.id }, 100);
    expect(trail.filter(({ action }) => action === "key.revoked")).toHaveLength(1);
  });

  test("leaves its jobs as they are", async () => {
    const id = await storeJob(api.database.sql);
    await startJob(api.database.sql, id);
    const other = await makeKey(api.database.sql, "local", ["jobs:read"]);
    expect((await revoke(operator, other.id)).status).toBe(200);
    const status = await askAs(api.app, operator.key)("GET", `/status/${id}`);
    expect(await status.json()).toMatchObject({ status: "running", cancel_requested_at: null });
  });

  test("stands in the audit trail and in the log with who did it, and by which request", async () => {
    await revoke(admin, reader.id, { "X-Request-Id": "gone-1" });
    const [told] = await listAuditEvents(api.database.orm, { tenant: null, keyId: reader.id }, 1);
    expect(told).toMatchObject({
      ...{ action: "key.revoked", tenant: "acme", requestId: "gone-1" },
      details: { prefix: reader.prefix, by: admin.id },
    });
    expect(api.logged.filter((line) => line.includes('"audit":"key.revoked"'))).toHaveLength(1);
  });
});

describe("who may revoke which key", () => {
  test("is an admin of another tenant for that one alone: other keys are not there, word for word", async () => {
    const headers = { "X-Request-Id": "same" };
    const theirs = await revoke(admin, operator.prefix, headers);
    const unknown = await revoke(admin, "lsk_aaaaaaaa", headers);
    expect(theirs.status).toBe(404);
    expect((await theirs.text()).replaceAll(operator.prefix, "lsk_aaaaaaaa")).toBe(await unknown.text());
    expect(Object.fromEntries(theirs.headers)).toEqual(Object.fromEntries(unknown.headers));
    expect(await statusOf(operator)).toBe(200);
    expect((await revoke(operator, reader.prefix)).status).toBe(200);
  });

  test("is nobody whose key reads and writes, not even for that one", async () => {
    expect(await answerJson(revoke(reader, reader.id))).toMatchObject({ status: 403, code: "scope_missing" });
    expect(await statusOf(reader)).toBe(200);
  });

  test("is nobody by the key itself, which is not to stand in an address", async () => {
    const answer = await revoke(admin, reader.key);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ status: 400, code: "invalid_id" });
    for (const said of [text, api.logged.join("")]) expect(said).not.toContain(reader.key.slice(-43));
    expect(await statusOf(reader)).toBe(200);
  });

  test("is nobody on a service without keys", async () => {
    const open = await createTestApi();
    try {
      const answer = askAs(open.app, null)("DELETE", `/keys/${reader.id}`);
      expect(await answerJson(answer)).toMatchObject({ status: 409, code: "keys_unconfigured" });
    } finally {
      await open.remove();
    }
  });
});

describe("the last valid key of a tenant with admin", () => {
  test("is kept, its holder told, and goes where that is asked for", async () => {
    await makeExpiredKey(api.database.sql, "acme", ["admin"]);
    expect(await answerJson(revoke(admin, admin.id))).toMatchObject({
      ...{ status: 409, code: "last_admin_key" },
      detail: expect.stringContaining("?last_admin=true") as string,
    });
    expect(await statusOf(admin)).toBe(200);
    expect((await revoke(admin, `${admin.id}?last_admin=true`)).status).toBe(200);
    expect(await statusOf(admin)).toBe(401);
  });

  test("goes without a word where there is another", async () => {
    await makeKey(api.database.sql, "acme", ["admin"]);
    expect((await revoke(admin, admin.id)).status).toBe(200);
  });

  test("is found to be it also where two revoke each other's at once", async () => {
    const other = await makeKey(api.database.sql, "acme", ["admin"]);
    const answers = await Promise.all([revoke(admin, other.id), revoke(other, admin.id)]);
    const gone = await Promise.all([statusOf(admin), statusOf(other)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(gone.filter((status) => status === 200)).toHaveLength(1);
  });
});

test("two keys of one prefix are told apart by their ids", async () => {
  await api.database.sql`
    INSERT INTO api_keys (id, name, prefix, hash, tenant, scopes)
    VALUES (gen_random_uuid(), 'twin', ${reader.prefix}, sha256('twin'), 'acme', '{jobs:read}')`;
  expect(await answerJson(revoke(admin, reader.prefix))).toMatchObject({
    status: 409,
    code: "key_ambiguous",
  });
  expect((await revoke(admin, reader.id)).status).toBe(200);
});
