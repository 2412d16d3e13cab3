import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runDoctor } from "../../tests/support/run-doctor.ts";
import { createTestDatabase, type TestDatabase } from "../../tests/support/test-database.ts";
import { startEmbeddedPostgres } from "../embedded-postgres/start-embedded-postgres.ts";
import { findFreePort } from "../host/free-port.ts";
import { tryFolderLock } from "../lock/folder-lock.mjs";

let dataDir: string;
let database: TestDatabase;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "longshore-doctor-"));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.remove();
  await rm(dataDir, { recursive: true, force: true });
});

describe(
  "where it cannot look, the doctor says why and what to do, and exits 2",
  { timeout: 120_000 },
  () => {
    const here = () => ({ DATABASE_URL: database.url, DATA_DIR: dataDir });

    test("an option that is none", async () => {
      const { code, said } = await runDoctor(here(), "--mend");
      expect(code).toBe(2);
      expect(said).toMatch(/--mend[\s\S]*--help/);
    });

    test("settings that are wrong, all at once", async () => {
      const { code, said } = await runDoctor({ DATABASE_URL: "mysql://here", REDIS_URL: "here" });
      expect(code).toBe(2);
      expect(said).toMatch(/2 faults[\s\S]*DATABASE_URL[\s\S]*REDIS_URL/);
    });

    test("no database that is configured, and none in DATA_DIR; it makes none", async () => {
      const { code, said } = await runDoctor({ DATA_DIR: dataDir });
      expect(code).toBe(2);
      expect(said).toContain("DATABASE_URL is not set");
    });

    test("a database that is away", async () => {
      const port = await findFreePort();
      const { code, said } = await runDoctor({
        ...here(),
        DATABASE_URL: `postgres://127.0.0.1:${String(port)}/x`,
      });
      expect(code).toBe(2);
      expect(said).toMatch(/the database does not answer[\s\S]*DATABASE_URL/);
    });

    test("a database of another kind or version", async () => {
      const url = new URL(inject("databaseUrl"));
      const { code, said } = await runDoctor({ ...here(), DATABASE_URL: url.href });
      expect(code).toBe(2);
      expect(said).toContain("is not one of this version");
    });

    test("a Redis that is away", async () => {
      const REDIS_URL = `redis://127.0.0.1:${String(await findFreePort())}`;
      const { code, said } = await runDoctor({ ...here(), REDIS_URL });
      expect(code).toBe(2);
      expect(said).toMatch(/the queue cannot be reached[\s\S]*REDIS_URL/);
    });

    test("an engine that is away", async () => {
      const { code, said } = await runDoctor({ ...here(), DOCKER_HOST: "unix:///nowhere/docker.sock" });
      expect(code).toBe(2);
      expect(said).toMatch(/No container engine answers[\s\S]*DOCKER_HOST/);
    });
  },
);

describe("with no DATABASE_URL the doctor looks at the embedded database", () => {
  test("that of a service which is not running is started for the check, and stopped again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "longshore-doctor-"));
    const log = () => undefined;
    const server = await startEmbeddedPostgres({ dataDir: folder, log, durable: false });
    if (!server.ok) throw new Error(server.failure.what);
    await migrateDatabase(server.value.url);
    try {
      // While the service runs, its lock is held and its server is its own: it is used and left running.
      const lock = await tryFolderLock(join(folder, "longshore.lock"), { url: "here" });
      if (!lock.ok) throw new Error("the folder is taken");
      expect(await runDoctor({ DATA_DIR: folder })).toMatchObject({ code: 0 });
      const sql = postgres(server.value.url, { max: 1 });
      expect(await sql`SELECT 1 AS one`).toMatchObject([{ one: 1 }]);
      await sql.end();
      await lock.value.release();

      await server.value.stop();
      expect(await runDoctor({ DATA_DIR: folder })).toMatchObject({ code: 0 });
      const pidFile = join(folder, "postgres", "data", "postmaster.pid");
      await expect(readFile(pidFile)).rejects.toThrow("ENOENT");
      const again = await tryFolderLock(join(folder, "longshore.lock"));
      expect(again.ok).toBe(true);

      // The lock is held, and there is no server: the service is about to start or to stop.
      const starting = await runDoctor({ DATA_DIR: folder });
      expect(starting).toMatchObject({ code: 2 });
      expect(starting.said).toContain("run the command again in some seconds");
    } finally {
      await server.value.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
