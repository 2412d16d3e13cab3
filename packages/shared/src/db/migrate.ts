import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

const migrationsFolder = fileURLToPath(new URL("../../../../migrations", import.meta.url));
// Any constant: "longshore" in ASCII, cut to 63 bits.
const lockKey = 0x6c_6f_6e_67_73_68n;
const lockTimeoutMs = 60_000;

/**
 * Brings the database to the newest schema, one process at a time. Rejects with the database's error where it is
 * away or a migration fails (each runs in a transaction: nothing is half done).
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = postgres(url, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: "longshore-migrate", lock_timeout: lockTimeoutMs },
  });
  try {
    await client`SELECT pg_advisory_lock(${lockKey.toString()}::bigint)`;
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    // Ending the session gives the lock back.
    await client.end({ timeout: 5 });
  }
}
