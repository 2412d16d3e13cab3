import postgres from "postgres";
import { within } from "./within.ts";

/** How far a schema is migrated: by how many migrations, and when the newest of them was written (ms, its journal's). */
export interface SchemaVersion {
  readonly migrations: number;
  readonly newestMs: number;
}

/** The database was migrated by a newer version of Longshore, which this one must not start on. */
export class SchemaTooNew extends Error {
  override readonly name = "SchemaTooNew";
  constructor(database: SchemaVersion, known: SchemaVersion) {
    super(
      `The database has schema ${String(database.migrations)}, and this version of Longshore knows schema ` +
        `${String(known.migrations)} and older. A newer version has migrated it: start that version here, too, or set ` +
        "DATABASE_URL to another database.",
    );
  }
}

// No more is asked of a client here: drizzle's own clients are wrapped otherwise than ours.
type Asking = Pick<postgres.Sql, "unsafe">;

const beforeTheFirst: SchemaVersion = { migrations: 0, newestMs: 0 };

/** The version of the database's schema. Rejects with the database's error where it is away. */
export async function readSchemaVersion(sql: Asking, boundMs?: number): Promise<SchemaVersion> {
  try {
    const statement = `SELECT count(*)::integer AS migrations, coalesce(max(created_at), 0)::float8 AS "newestMs"
                         FROM drizzle.__drizzle_migrations`;
    const [version] = await within(sql.unsafe<SchemaVersion[]>(statement), boundMs);
    return version ?? beforeTheFirst;
  } catch (error) {
    // Neither schema nor table: nothing was ever migrated.
    if (error instanceof postgres.PostgresError && /^(?:42P01|3F000)$/.test(error.code))
      return beforeTheFirst;
    throw error;
  }
}

/** True where a migration was applied that `known` does not hold. */
export function isNewer(database: SchemaVersion, known: SchemaVersion): boolean {
  return database.newestMs > known.newestMs;
}
