import { describe, expect, test } from "vitest";
import type { LaterDatabases } from "../../../../tests/support/later-databases.ts";
import { makeExpiredKey, makeKey, makeRevokedKey } from "../../../../tests/support/test-keys.ts";
import type { TestDatabase } from "../../../../tests/support/test-database.ts";
import { useFreshDatabases } from "../../../../tests/support/use-database.ts";
import { appendAuditEvent, listAuditEvents, removeOldAuditEvents } from "./audit-trail.ts";
import { createKeyBy } from "./create-key.ts";
import { findEndedKeys, findKey } from "./find-key.ts";
import { hasKeys } from "./has-keys.ts";
import { hashKey } from "./key-hash.ts";
import { findKeysBy, listKeys } from "./list-keys.ts";
import { noteKeyUse } from "./note-key-use.ts";
import { revokeKey } from "./revoke-key.ts";

let database: TestDatabase;
let later: LaterDatabases;
useFreshDatabases((...opened) => ([database, later] = opened));

const everybody = { tenant: null, keyId: null };
const actions = async (of: { tenant: string | null; keyId: string | null } = everybody) =>
  (await listAuditEvents(database.orm, of, 100)).map(({ action }) => action);

describe("a key", () => {
  test("is found by its hash, and stands nowhere in the database", async () => {
    const { id, key, prefix } = await makeKey(database.sql, "acme", ["jobs:read"]);
    const [inAnHour] = [new Date(Date.now() + 3_600_000)];
    const hourly = await makeKey(database.sql, "acme", ["admin"], inAnHour);
    expect(await findKey(database.sql, hashKey(key))).toMatchObject({
      ...{ id, tenant: "acme", scopes: ["jobs:read"], state: "valid", useIsDue: true },
    });
    expect(key).toMatch(new RegExp(`^${prefix}_[A-Za-z0-9_-]{43}$`));
    expect(await findKey(later.after("2 hours").sql, hashKey(hourly.key))).toMatchObject({
      state: "expired",
    });
    for (const table of ["api_keys", "audit_events"]) {
      const rows = await database.sql.unsafe<{ line: string }[]>(
        `SELECT row_to_json(t)::text AS line FROM ${table} t`,
      );
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.map(({ line }) => line).join("\n")).not.toContain(key.slice(prefix.length + 1));
    }
  });

  test("is revoked once, and among others tells that it has ended", async () => {
    const { sql } = database;
    const [valid, revoked] = [await makeKey(sql, "acme", ["admin"]), await makeKey(sql, "acme", ["admin"])];
    const expired = await makeExpiredKey(sql, "acme", ["admin"]);
    expect(await revokeKey(sql, revoked.id)).toMatchObject({ value: { isNew: true, wasLastAdmin: false } });
    expect(await revokeKey(sql, revoked.id)).toMatchObject({ value: { isNew: false } });
    expect(await findKey(sql, hashKey(revoked.key))).toMatchObject({ state: "revoked" });
    const ended = await findEndedKeys(sql, [valid.id, revoked.id, expired.id]);
    expect(ended.toSorted()).toEqual([revoked.id, expired.id].toSorted());
    expect(await actions({ tenant: null, keyId: revoked.id })).toEqual(["key.revoked", "key.created"]);
  });

  test("is made by none that was revoked meanwhile, which is looked at when it is stored", async () => {
    const { sql } = database;
    const maker = await makeKey(sql, "acme", ["admin"]);
    const wanted = { name: "x", tenant: "acme", scopes: ["admin"], expiresAt: null } as const;
    const by = { tenant: "acme", keyId: maker.id, requestId: "r", idempotencyKey: null };
    expect(await createKeyBy(sql, wanted, by)).toMatchObject({ ok: true, value: { type: "created" } });
    await revokeKey(sql, maker.id);
    expect(await createKeyBy(sql, wanted, by)).toEqual({ ok: false, failure: "maker_ended" });
    expect(await listKeys(sql, "acme")).toHaveLength(2);
  });

  test("can be named by its prefix, its id, or itself where it leaked", async () => {
    const { id, key, prefix } = await makeKey(database.sql, "acme", ["admin"]);
    await makeKey(database.sql, "rival", ["admin"]);
    for (const named of [id, id.toUpperCase(), prefix, prefix.slice(4), key]) {
      expect((await findKeysBy(database.sql, named)).map((found) => found.id)).toEqual([id]);
    }
    expect(await findKeysBy(database.sql, "lsk_nothing1")).toEqual([]);
    expect((await listKeys(database.sql, "acme")).map((found) => found.id)).toEqual([id]);
    expect(await listKeys(database.sql, null)).toHaveLength(2);
  });

  test("never changes and never goes, so that a service that has had one keeps asking", async () => {
    expect(await hasKeys(database.sql)).toBe(false);
    const { id } = await makeRevokedKey(database.sql, "acme", ["admin"]);
    const wrongs = [
      database.sql`DELETE FROM api_keys WHERE id = ${id}`,
      database.sql`UPDATE api_keys SET revoked_at = NULL WHERE id = ${id}`,
      database.sql`UPDATE api_keys SET tenant = 'rival' WHERE id = ${id}`,
      database.sql`UPDATE api_keys SET scopes = '{admin,jobs:read}' WHERE id = ${id}`,
    ];
    for (const wrong of wrongs) await expect(wrong).rejects.toMatchObject({ code: "LS001" });
    expect(await hasKeys(database.sql)).toBe(true);
  });

  test.each(["", "Acme", "a b", "-a", "a".repeat(64), "a\nb"])("has no tenant called %j", async (tenant) => {
    await expect(makeKey(database.sql, tenant, ["admin"])).rejects.toMatchObject({ code: "23514" });
  });
});

describe("the use of a key", () => {
  test("is noted once a minute, and told to the audit trail once an hour, by however many processes", async () => {
    const { id } = await makeKey(database.sql, "acme", ["admin"]);
    const usedAt = async () => (await listKeys(database.sql, null))[0]?.lastUsedAt?.getTime() ?? 0;
    const uses = async () =>
      (await actions({ tenant: "acme", keyId: id })).filter((action) => action === "key.used");
    await Promise.all(Array.from({ length: 10 }, (_, n) => noteKeyUse(database.sql, id, `r${String(n)}`)));
    const first = await usedAt();
    expect(first).toBeGreaterThan(0);
    await noteKeyUse(later.after("50 seconds").sql, id, "soon");
    expect(await usedAt()).toBe(first);
    await noteKeyUse(later.after("70 seconds").sql, id, "later");
    expect(await usedAt()).toBeGreaterThan(first);
    expect(await uses()).toHaveLength(1);
    await noteKeyUse(later.after("2 hours").sql, id, "much later");
    expect(await uses()).toHaveLength(2);
  });
});

describe("the audit trail", () => {
  test("gives the newest lines of a tenant first, and loses what is older than its days", async () => {
    const event = { action: "key.refused", keyId: null, jobId: null, details: {} } as const;
    for (const requestId of ["a", "b", "c"]) {
      await appendAuditEvent(database.sql, {
        ...event,
        tenant: requestId === "c" ? "rival" : "acme",
        requestId,
      });
    }
    const acme = await listAuditEvents(database.orm, { tenant: "acme", keyId: null }, 10);
    expect(acme.map(({ requestId }) => requestId)).toEqual(["b", "a"]);
    expect(await removeOldAuditEvents(later.after("29 days").sql, 30, 100)).toBe(0);
    expect(await removeOldAuditEvents(later.after("31 days").sql, 30, 2)).toBe(2);
    expect((await listAuditEvents(database.orm, everybody, 10)).map(({ requestId }) => requestId)).toEqual([
      "c",
    ]);
  });
});
