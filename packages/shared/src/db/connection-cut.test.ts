import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { startResettingProxy, type ResettingProxy } from "../../../../tests/support/resetting-proxy.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { isDatabaseAway } from "./database-away.ts";
import { migrateDatabase } from "./migrate.ts";

// The greeting of PostgreSQL 18 to a user with a password, its "ready" included, is of so many messages or a few less.
const greeting = 21;
// The nine of a statement that gives two rows, and the first of another.
const withStatement = greeting + 10;
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

let proxy: ResettingProxy;
let url: string;
let database: Database;
beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));
beforeEach(async () => {
  const target = new URL(inject("databaseUrl"));
  proxy = await startResettingProxy(Number(target.port));
  url = Object.assign(target, { hostname: "127.0.0.1", port: String(proxy.port) }).href;
  database = connectDatabase({ url, maxConnections: 2, applicationName: "test" });
});
afterEach(async () => {
  await database.close();
  await proxy.close();
});

/** Rejections that nobody handles are told after the microtasks of their turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const ids = ["01980000-0000-7000-8000-000000000001", "01980000-0000-7000-8000-000000000002"];

describe("a connection that is reset while it is new (fault 9)", () => {
  test("fails the statement at most, whichever message was the last; the next one is answered whole", async () => {
    for (let last = 1; last <= withStatement; last += 1) {
      const fresh = connectDatabase({ url, maxConnections: 2, applicationName: "test" });
      const read = async () => {
        const rows = await fresh.sql`SELECT id::text FROM unnest(${ids}::uuid[]) AS id ORDER BY id`;
        return Array.from(rows, (row) => row?.["id"] as unknown);
      };
      proxy.resetNextAfter(last);
      const first: unknown = await read().catch((error: unknown) => error);
      if (first instanceof Error) expect(isDatabaseAway(first)).toBe(true);
      else expect(first).toEqual(ids);
      // The reset may only be seen now.
      expect(await read().catch(read), `after message ${String(last)}`).toEqual(ids);
      await fresh.close();
    }
    expect(proxy.resets).toBeGreaterThan(greeting);
    await settled();
    expect(unhandled).toEqual([]);
  }, 90_000);

  test("fails a migration at most", async () => {
    for (let last = greeting - 4; last <= greeting; last += 1) {
      proxy.resetNextAfter(last);
      await expect(migrateDatabase(url, "/nowhere")).rejects.toThrow("ECONNRESET");
    }
    expect(proxy.resets).toBe(5);
    await settled();
    expect(unhandled).toEqual([]);
  });
});

describe("a result that breaks off", () => {
  test("by an error in its third row leaves no holes in the next one of its connection", async () => {
    const broken = database.sql`SELECT 1 / (3 - n) FROM generate_series(1, 5) AS n`;
    // Sent at once, over the one connection.
    const [first, second, third] = await Promise.allSettled([
      broken,
      database.sql`SELECT n FROM generate_series(1, 2) AS n`,
      database.orm.execute("SELECT 1 AS one"),
    ]);
    expect(first.status).toBe("rejected");
    expect(second).toMatchObject({ value: [{ n: 1 }, { n: 2 }] });
    expect(third).toMatchObject({ value: [{ one: 1 }] });
    const none = database.sql`SELECT WHERE false`;
    await expect(database.sql`SELECT 1 / (3 - n) FROM generate_series(1, 5) AS n`).rejects.toThrow("zero");
    expect(await none).toHaveLength(0);
    await expect(database.orm.execute("SELECT 1 / (3 - n) FROM generate_series(1, 5) AS n")).rejects.toThrow(
      "Failed query",
    );
    expect([...(await database.orm.execute("SELECT 1 AS one"))]).toEqual([{ one: 1 }]);
  });
});
