import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { knownTypes } from "./array-types.ts";
import { isNewer, readSchemaVersion, SchemaTooNew, type SchemaVersion } from "./schema-version.ts";

const shippedMigrations = fileURLToPath(new URL("../../../../migrations", import.meta.url));
// Any constant: "longshore" in ASCII, cut to 63 bits.
const lockKey = 0x6c_6f_6e_67_73_68n;
const lockTimeoutMs = 60_000;

/** The version of the schema that the migrations in a folder lead to; those of this version of Longshore unless given. */
export function knownSchema(folder = shippedMigrations): SchemaVersion {
  const migrations = readMigrationFiles({ migrationsFolder: folder });
  return {
    migrations: migrations.length,
    newestMs: Math.max(...migrations.map((each) => each.folderMillis)),
  };
}

/**
 * Brings the database to the newest schema, one process at a time. Rejects with the database's error where it is
 * away or a migration fails (each runs in a transaction: nothing is half done), and with {@link SchemaTooNew} where a
 * newer version has migrated it: then nothing is changed.
 */
export async function migrateDatabase(url: string, folder = shippedMigrations): Promise<void> {
  const client = postgres(url, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
    ...knownTypes({}),
    connection: { application_name: "longshore-migrate", lock_timeout: lockTimeoutMs },
  });
  try {
    await client`SELECT pg_advisory_lock(${lockKey.toString()}::bigint)`;
    const [applied, known] = [await readSchemaVersion(client), knownSchema(folder)];
    if (isNewer(applied, known)) throw new SchemaTooNew(applied, known);
    await migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    // Ending the session gives the lock back.
    await client.end({ timeout: 5 });
  }
}
