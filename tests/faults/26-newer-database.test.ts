// Row 26 of the faults: an old version of Longshore with a database that a newer one has migrated. (Five processes that
// migrate at once: packages/shared/src/db/migrate.test.ts.)
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { readSchemaVersion, SchemaTooNew } from "@longshore/shared/db/schema-version";
import { afterEach, beforeEach, expect, test } from "vitest";
import { partFile } from "../../scripts/programs/parts.ts";
import { root } from "../../scripts/root.ts";
import { type ServiceProcess, startService } from "../support/service-process.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";

let database: TestDatabase;
let folder: string;
let newer: string;
let running: ServiceProcess[];
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), "longshore-newer-"));
  newer = join(folder, "migrations");
  await cp(join(root, "migrations"), newer, { recursive: true });
  await addMigration();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.end("SIGKILL")));
  await database.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What the next version of Longshore might bring: a column more. */
async function addMigration(): Promise<void> {
  const path = join(newer, "meta", "_journal.json");
  // safety: drizzle's journal of this very project.
  const journal = JSON.parse(await readFile(path, "utf8")) as { entries: { when: number; tag: string }[] };
  const last = journal.entries.at(-1);
  if (last === undefined) throw new Error("there are no migrations");
  journal.entries.push({ ...last, when: last.when + 1, tag: "9999-next" });
  await writeFile(path, JSON.stringify(journal));
  await writeFile(join(newer, "9999-next.sql"), "ALTER TABLE jobs ADD COLUMN of_the_next_version text");
}

const settings = () => ({ DATABASE_URL: database.url, DATA_DIR: folder, PORT: "0" });
const start = (part: "api" | "worker"): ServiceProcess => {
  const started = startService(part, settings());
  running.push(started);
  return started;
};

/** Starts a part and gives its exit code, and all that it wrote. */
async function runToItsEnd(part: "api" | "worker", supervised: boolean) {
  const child: ChildProcess = spawn(process.execPath, [partFile(root, part)], {
    env: { PATH: process.env["PATH"] ?? "", ...settings() },
    stdio: ["ignore", "pipe", "pipe", ...(supervised ? (["ipc"] as const) : [])],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  // safety: "close" gives the exit code first.
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

test("row 26: an old version changes nothing of a newer schema, and says both versions", async () => {
  const before = await readSchemaVersion(database.sql);
  await migrateDatabase(database.url, newer);
  const after = await readSchemaVersion(database.sql);
  expect(after.migrations).toBe(before.migrations + 1);
  const refused = migrateDatabase(database.url);
  await expect(refused).rejects.toThrow(SchemaTooNew);
  await expect(refused).rejects.toThrow(
    `schema ${String(after.migrations)}, and this version of Longshore knows schema ${String(before.migrations)}`,
  );
  expect(await readSchemaVersion(database.sql)).toEqual(after);
  await migrateDatabase(database.url, newer);
});

test.each(["api", "worker"] as const)(
  "row 26: an old %s does not start with a newer database, in one message, and a supervisor does not try again",
  async (part) => {
    await migrateDatabase(database.url, newer);
    const alone = await runToItsEnd(part, false);
    expect(alone.code).toBe(1);
    expect(alone.output.trimEnd().split("\n")).toHaveLength(1);
    expect(alone.output).toMatch(
      /The database has schema \d+, .* knows schema \d+ and older.*start that version here/,
    );
    expect(await runToItsEnd(part, true)).toMatchObject({ code: 78, output: alone.output });
  },
);

test("row 26: beneath an old worker that runs, a newer schema makes it leave in good order; an old api goes on", async () => {
  const api = start("api");
  const { port } = await api.logged(({ msg }) => msg === "listening");
  const worker = start("worker");
  await worker.logged(({ msg }) => msg === "the worker takes jobs");
  await migrateDatabase(database.url, newer);
  await worker.logged(({ msg }) => String(msg).startsWith("a newer version has migrated the database"));
  expect(await worker.exited).toEqual({ code: 0, signal: null });
  const answer = await fetch(`http://127.0.0.1:${String(port)}/jobs`);
  expect(answer.status).toBe(200);
});
