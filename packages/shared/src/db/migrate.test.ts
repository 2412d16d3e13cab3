import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { migrateDatabase } from "./migrate.ts";

const run = promisify(execFile);
const program = `
  import { migrateDatabase } from ${JSON.stringify(fileURLToPath(new URL("./migrate.ts", import.meta.url)))};
  await migrateDatabase(process.argv[1]);`;
const name = `migrate_${randomUUID().replaceAll("-", "")}`;

let server: postgres.Sql;
let url: string;
beforeAll(async () => {
  server = postgres(inject("databaseUrl"), { max: 1 });
  await server.unsafe(`CREATE DATABASE ${name}`);
  url = Object.assign(new URL(inject("databaseUrl")), { pathname: `/${name}` }).href;
});
afterAll(async () => {
  await server.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
  await server.end();
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
