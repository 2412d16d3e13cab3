import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFinished, test } from "vitest";
import { migrateDatabase } from "./migrate.ts";

const run = promisify(execFile);
const program = `
  import { migrateDatabase } from ${JSON.stringify(fileURLToPath(new URL("./migrate.ts", import.meta.url)))};
  await migrateDatabase(process.argv[1]);`;

let server: postgres.Sql;
/** An empty database, of each test its own. */
let url: string;
beforeAll(() => {
  server = postgres(inject("databaseUrl"), { max: 1 });
});
afterAll(() => server.end());
beforeEach(async () => {
  const name = `migrate_${randomUUID().replaceAll("-", "")}`;
  await server.unsafe(`CREATE DATABASE ${name}`);
  url = Object.assign(new URL(inject("databaseUrl")), { pathname: `/${name}` }).href;
  onTestFinished(async () => void (await server.unsafe(`DROP DATABASE ${name} WITH (FORCE)`)));
});

test("five processes that migrate an empty database at once all succeed, and once more changes nothing (fault 26)", async () => {
  const five = Array.from({ length: 5 }, () =>
    run(process.execPath, ["--input-type=module", "--eval", program, url], { timeout: 60_000 }),
  );
  await Promise.all(five);
  await migrateDatabase(url);
  const sql = postgres(url, { max: 1 });
  try {
    expect(await sql`SELECT FROM jobs`).toHaveLength(0);
    const applied = await sql`SELECT hash FROM drizzle.__drizzle_migrations`;
    expect(new Set(applied.map((row) => String(row["hash"]))).size).toBe(applied.length);
    expect(
      await sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND database =
                     (SELECT oid FROM pg_database WHERE datname = current_database())`,
    ).toHaveLength(0);
  } finally {
    await sql.end();
  }
}, 90_000);

/** The migrations as the version that ended with the first `count` of them had them. */
async function earlierMigrations(count: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-migrations-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(fileURLToPath(new URL("../../../../migrations", import.meta.url)), folder, { recursive: true });
  const file = join(folder, "meta", "_journal.json");
  // safety: it is this project's own.
  const journal = JSON.parse(await readFile(file, "utf8")) as { readonly entries: readonly unknown[] };
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  return folder;
}

/** A job that ended, by what the first version of the tables asks for; `change` is SQL for some of its columns. */
const endedJob = (change: Readonly<Record<string, string>>): string => {
  const columns = {
    ...{
      id: "gen_random_uuid()",
      status: "'succeeded'",
      max_attempts: "3",
      metadata: "'{}'",
      request: "'{}'",
    },
    ...{ usage: "'{}'", timings: "'{}'", created_at: "now()", started_at: "now()", finished_at: "now()" },
    ...{ attempt_started_at: "now()", expires_at: "now()", last_seq: "2", archive_key: "'a.zip'" },
    ...{ archive_bytes: "1000", archive_sha256: "repeat('ab', 32)", output_files: "1", output_bytes: "10" },
    ...change,
  };
  return `INSERT INTO jobs (${Object.keys(columns).join(", ")}) VALUES (${Object.values(columns).join(", ")})`;
};

test("a database that an earlier version has used is brought to the newest schema, whatever its jobs have come to", async () => {
  await migrateDatabase(url, await earlierMigrations(9));
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(endedJob({ prompt: "'kept'" }));
    await sql.unsafe(endedJob({ prompt: "'expired'", expired_at: "now()" }));
    await sql.unsafe(endedJob({ prompt: "'removed'", expired_at: "now()", events_deleted_at: "now()" }));
    await migrateDatabase(url);
    const jobs = await sql`SELECT prompt, status, kept_bytes::integer AS kept FROM jobs ORDER BY prompt`;
    expect([...jobs]).toEqual([
      { prompt: "expired", status: "succeeded", kept: 0 },
      { prompt: "kept", status: "succeeded", kept: 1_000 },
      { prompt: "removed", status: "succeeded", kept: 0 },
    ]);
    await expect(sql`UPDATE jobs SET prompt = 'other'`).rejects.toMatchObject({ code: "LS001" });
  } finally {
    await sql.end();
  }
}, 60_000);

test("a key that an earlier version has made is said to be of its maker where the audit trail tells it", async () => {
  await migrateDatabase(url, await earlierMigrations(18));
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const makers = { maker: null, made: "maker", stray: "nobody's" };
  try {
    const ids = new Map<string, string>();
    for (const [name, by] of Object.entries(makers)) {
      const id = randomUUID();
      ids.set(name, id);
      await sql`INSERT INTO api_keys (id, name, prefix, hash, tenant, scopes)
                VALUES (${id}, ${name}, ${name}, ${randomBytes(32)}, 'acme', '{admin}')`;
      const details = by === null ? {} : { by: ids.get(by) ?? by };
      await sql`INSERT INTO audit_events (action, tenant, key_id, details)
                VALUES ('key.created', 'acme', ${id}, ${sql.json(details)})`;
    }
    await migrateDatabase(url);
    const keys = await sql<
      { name: string; by: string | null }[]
    >`SELECT name, created_by AS by FROM api_keys`;
    expect(Object.fromEntries(keys.map(({ name, by }) => [name, by]))).toEqual({
      ...{ maker: null, made: ids.get("maker"), stray: null },
    });
    await expect(sql`UPDATE api_keys SET created_by = NULL`).rejects.toMatchObject({ code: "LS001" });
  } finally {
    await sql.end();
  }
}, 60_000);
