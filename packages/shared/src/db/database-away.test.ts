import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createConnection } from "node:net";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPostgresServer, type PostgresServer } from "../../../../tests/support/postgres-server.ts";
import { storeJob } from "../../../../tests/support/stored-job.ts";
import { newJobId } from "../domain/job-id.ts";
import { connectDatabase, type Database } from "./connect-database.ts";
import { DatabaseAway, isDatabaseAway } from "./database-away.ts";
import { migrateDatabase } from "./migrate.ts";
import { readJob } from "./read-job.ts";
import { within } from "./within.ts";

let server: PostgresServer;
let database: Database;
beforeAll(async () => {
  server = await createPostgresServer();
  await migrateDatabase(server.url);
});
afterAll(async () => {
  await server.remove();
});
beforeEach(() => {
  database = connectDatabase({ url: server.url, maxConnections: 3, applicationName: "test" });
});
afterEach(async () => {
  await server.start();
  await database.close();
});

/** How `work` failed, and after how many milliseconds. */
async function failureOf(
  work: () => PromiseLike<unknown>,
): Promise<{ away: boolean; ms: number; error: unknown }> {
  const startedAt = performance.now();
  try {
    await work();
  } catch (error) {
    return { away: isDatabaseAway(error), ms: performance.now() - startedAt, error };
  }
  throw new Error("it did not fail");
}

describe("a database that is away", () => {
  test("says so at once by every client, and is there again when it is back", async () => {
    const jobId = await storeJob(database.sql);
    await server.stop();
    for (const work of [
      () => storeJob(database.sql),
      () => readJob(database.orm, jobId),
      () => storeJob(database.sql),
    ]) {
      expect(await failureOf(work)).toMatchObject({ away: true });
      expect((await failureOf(work)).ms).toBeLessThan(2_500);
    }
    await server.start();
    const back = () => readJob(database.orm, jobId).then((job) => job?.id, String);
    await expect.poll(back, { timeout: 5_000, interval: 50 }).toBe(jobId);
    expect(await storeJob(database.sql)).toHaveLength(36);
  });

  test("is away for statements that were under way when it went", async () => {
    const running = failureOf(() => database.sql`SELECT pg_sleep(20)`);
    await expect
      .poll(
        async () =>
          (await database.sql`SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%'`).length,
      )
      .toBeGreaterThan(1);
    await server.stop();
    expect(await running).toMatchObject({ away: true });
  });

  test("was never there", async () => {
    await server.stop();
    const fresh = connectDatabase({ url: server.url, maxConnections: 2, applicationName: "fresh" });
    try {
      const failure = await failureOf(() => readJob(fresh.orm, newJobId()));
      expect(failure).toMatchObject({ away: true });
      expect(failure.ms).toBeLessThan(2_500);
    } finally {
      await fresh.close();
    }
  });

  test("has cut the connection of one client", async () => {
    await database.sql`SELECT 1`;
    const cut = failureOf(() => database.sql`SELECT pg_terminate_backend(pg_backend_pid())`);
    expect(await cut).toMatchObject({ away: true });
    expect(await storeJob(database.sql)).toHaveLength(36);
  });
});

describe("a database that is too busy", () => {
  test("has no free connection: the wait is bounded, and ends as away", async () => {
    const blockers = Array.from({ length: 2 }, () =>
      failureOf(() => database.sql`SELECT pg_sleep(3)`.then(() => Promise.reject(new Error("over")))),
    );
    const failure = await failureOf(() => within(database.sql`SELECT 1`, 300));
    expect(failure.error).toBeInstanceOf(DatabaseAway);
    expect(failure.ms).toBeLessThan(1_000);
    await Promise.all(blockers);
    expect(await within(database.sql`SELECT 1 AS one`, 1_000)).toMatchObject([{ one: 1 }]);
  });

  test("takes no more connections", async () => {
    const operator = postgres(server.url, { max: 1 });
    const limited = new URL(server.url).pathname.slice(1);
    try {
      await operator.unsafe(`CREATE ROLE guest LOGIN PASSWORD 'guest' CONNECTION LIMIT 1`);
      await operator.unsafe(`GRANT CONNECT ON DATABASE ${limited} TO guest`);
      const url = Object.assign(new URL(server.url), { username: "guest", password: "guest" }).href;
      const guests = connectDatabase({ url, maxConnections: 4, applicationName: "guests" });
      try {
        const both = await Promise.allSettled([
          guests.sql`SELECT pg_sleep(1)`,
          guests.sql`SELECT pg_sleep(1)`,
          guests.sql`SELECT pg_sleep(1)`,
        ]);
        const refused = both.filter((each) => each.status === "rejected");
        expect(refused.length).toBeGreaterThan(0);
        for (const { reason } of refused) expect(isDatabaseAway(reason)).toBe(true);
      } finally {
        await guests.close();
      }
    } finally {
      await operator.end();
    }
  });

  test("gave up on a statement after its time-out", async () => {
    const failure = await failureOf(() =>
      database.sql.begin(async (sql) => {
        await sql`SET LOCAL statement_timeout = 100`;
        await sql`SELECT pg_sleep(5)`;
      }),
    );
    expect(failure).toMatchObject({ away: true });
    expect(failure.ms).toBeLessThan(2_000);
  });
});

describe("a database that is there", () => {
  test.each([
    ["a syntax error", "SELEC 1"],
    ["a table that is not there", "SELECT * FROM nowhere"],
    ["a broken CHECK", "UPDATE jobs SET max_attempts = 0"],
    ["a division by zero", "SELECT 1/0"],
  ])("is not away for %s", async (_, statement) => {
    await storeJob(database.sql);
    expect(await failureOf(() => database.sql.unsafe(statement))).toMatchObject({ away: false });
  });

  test("is not away for an error that has no code, or is none", () => {
    expect([new Error("bug"), new TypeError("bug"), null, "ECONNREFUSED", {}].map(isDatabaseAway)).toEqual(
      Array(5).fill(false),
    );
  });

  test("is not away for another connection that is refused, nor for a file that is not there", async () => {
    const { port } = new URL(server.url);
    await server.stop();
    const own = await failureOf(() => readJob(database.orm, newJobId()));
    expect(own).toMatchObject({ away: true });
    const others = [
      () => once(createConnection({ port: Number(port), host: "127.0.0.1" }), "connect"),
      () => readdir("/nowhere"),
      () =>
        Promise.reject(new Error("of another", { cause: Object.assign(new Error(), { code: "ENOENT" }) })),
    ];
    for (const other of others) expect(await failureOf(other)).toMatchObject({ away: false });
  });
});
