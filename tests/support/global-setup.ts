import { migrateDatabase } from "@longshore/shared/db/migrate";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { createPostgresServer } from "./postgres-server.ts";
import { createRedisServer } from "./redis-server.ts";
import { templateDatabase } from "./test-database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL for all suites; each test file takes a database of its own (`createTestDatabase`). */
    readonly databaseUrl: string;
    /** An empty Redis for all suites. One that is to be killed, a test starts itself. */
    readonly redisUrl: string;
  }
}

/** Starts what suites share, once a run, and gives back what stops it. `LONGSHORE_TEST_DATABASE_URL` names a server that is there. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env["LONGSHORE_TEST_DATABASE_URL"];
  await using lifetime = new AsyncDisposableStack();
  const url = given ?? (await startPostgres(lifetime));
  await makeTemplate(url);
  const redis = await createRedisServer();
  lifetime.defer(() => redis.remove());
  await redis.start();
  project.provide("databaseUrl", url);
  project.provide("redisUrl", redis.url);
  const kept = lifetime.move();
  // What cannot be stopped any more is no fault of the suites.
  return async () => {
    await Promise.allSettled([kept.disposeAsync()]);
  };
}

async function startPostgres(lifetime: AsyncDisposableStack): Promise<string> {
  const server = await createPostgresServer();
  lifetime.defer(() => server.remove());
  return server.url;
}

/** Migrates once; every test database is then a copy. */
async function makeTemplate(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(`DROP DATABASE IF EXISTS ${templateDatabase} WITH (FORCE)`);
    await sql.unsafe(`CREATE DATABASE ${templateDatabase}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
  const template = new URL(url);
  template.pathname = `/${templateDatabase}`;
  await migrateDatabase(template.href);
}
