import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/**
 * True where a key was ever made, whatever has become of it: rows of keys stay for ever, so that a service which has
 * asked for keys never stops asking because the last one was revoked or has expired.
 */
export async function hasKeys(sql: Sql): Promise<boolean> {
  const rows = await within(sql<{ has: boolean }[]>`SELECT EXISTS (SELECT FROM api_keys) AS has`);
  return rows[0]?.has ?? true;
}
