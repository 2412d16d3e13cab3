import { SchemaTooNew } from "./schema-version.ts";

/**
 * What to tell the operator where the database answers, and cannot be used for good: its schema is a newer version's, or
 * it refuses (PostgreSQL's SQLSTATE: class 28 is authorization, 3D000 an unknown database, 42501 a missing right); null
 * for every other error.
 */
export function describeDatabaseRefusal(error: unknown): string | null {
  if (error instanceof SchemaTooNew) return error.message;
  if (!(error instanceof Error)) return null;
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code !== "string" || !/^(?:28...|3D000|42501)$/.test(code)) {
    return error.cause === undefined ? null : describeDatabaseRefusal(error.cause);
  }
  return `PostgreSQL says "${error.message}". Set DATABASE_URL to a database and a user that may make tables in it.`;
}
