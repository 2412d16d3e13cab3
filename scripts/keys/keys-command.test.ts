import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findKey } from "@longshore/shared/db/find-key";
import { hashKey } from "@longshore/shared/db/key-hash";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../tests/support/test-database.ts";

const entry = fileURLToPath(new URL("../keys.ts", import.meta.url));

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.remove());

/** Runs the command as a process of its own. */
const keys = (...args: readonly string[]) =>
  new Promise<{ code: number; out: string; said: string }>((resolve) => {
    const env = { PATH: process.env["PATH"] ?? "", DATABASE_URL: database.url };
    execFile(process.execPath, [entry, ...args], { env, timeout: 60_000 }, (error, out, said) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, said });
    });
  });

test("a key is made, shown once, listed without its secret, revoked by its prefix, and all of it is in the trail", async () => {
  const made = await keys(
    "create",
    "--name",
    "ci",
    "--tenant",
    "acme",
    "--scopes",
    "jobs:read",
    "--expires",
    "90d",
    "--json",
  );
  expect(made.code).toBe(0);
  const { key, prefix } = JSON.parse(made.out) as { key: string; prefix: string };
  expect(await findKey(database.sql, hashKey(key))).toMatchObject({ tenant: "acme", state: "valid" });
  const listed = await keys("list");
  expect(listed.out).toMatch(new RegExp(`${prefix} .*ci .*acme .*jobs:read .*valid`));
  expect(listed.out).not.toContain(key.slice(prefix.length + 1));
  expect(await keys("revoke", prefix)).toMatchObject({
    code: 0,
    out: expect.stringContaining("is revoked") as string,
  });
  expect(await findKey(database.sql, hashKey(key))).toMatchObject({ state: "revoked" });
  const audit = JSON.parse((await keys("audit", "--key", prefix, "--json")).out) as {
    events: { action: string }[];
  };
  expect(audit.events.map(({ action }) => action)).toEqual(["key.revoked", "key.created"]);
}, 120_000);

test("a tenant's limits are shown and changed, and what is not given stays", async () => {
  expect((await keys("limits", "--tenant", "acme", "--queued", "100", "--per-minute", "none")).code).toBe(0);
  const changed = await keys("limits", "--tenant", "acme", "--queued", "default", "--json");
  expect(JSON.parse(changed.out)).toEqual({
    limits: [{ tenant: "acme", unfinished: null, queued: null, per_minute: 0, stored_mb: null }],
  });
  expect(await keys("limits", "--queued", "5")).toMatchObject({ code: 1, out: "" });
}, 120_000);

test("what is wrong with the command is said, and nothing is made", async () => {
  const [wrong, unknown] = await Promise.all([
    keys("create", "--name", "ci", "--scopes", "everything"),
    keys("revoke", "lsk_nothing1"),
  ]);
  expect(wrong).toMatchObject({
    code: 2,
    out: "",
    said: expect.stringContaining("jobs:read, jobs:write, admin") as string,
  });
  expect(unknown).toMatchObject({
    code: 1,
    out: "",
    said: expect.stringContaining("There is no key lsk_nothing1") as string,
  });
}, 120_000);
