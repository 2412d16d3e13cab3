import type { Scope } from "../domain/access.ts";
import { isApiKey } from "../domain/api-key.ts";
import type { Sql } from "./connect-database.ts";
import { hashKey } from "./key-hash.ts";
import { within } from "./within.ts";

/** What may be shown of a key. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  /** The key that made it; null where it was made with the database at hand, or that is not known. */
  readonly createdBy: string | null;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly state: "valid" | "revoked" | "expired";
}

/** The keys that were ever made, the newest first; of one tenant where that is given, and all unless `limit` says how many. */
export async function listKeys(
  sql: Sql,
  tenant: string | null,
  limit: number | null = null,
): Promise<readonly KeyRecord[]> {
  return within(sql<KeyRecord[]>`
    ${shown(sql)} WHERE ${tenant}::text IS NULL OR tenant = ${tenant}
     ORDER BY created_at DESC, id LIMIT ${limit}::bigint`);
}

/** The keys that somebody may mean by a prefix, an id, or a key itself: one that leaked is at hand as it is. */
export async function findKeysBy(sql: Sql, named: string): Promise<readonly KeyRecord[]> {
  if (isApiKey(named)) return within(sql<KeyRecord[]>`${shown(sql)} WHERE hash = ${hashKey(named)}`);
  return within(sql<KeyRecord[]>`
    ${shown(sql)} WHERE id::text = ${named.toLowerCase()} OR prefix IN (${named}, ${`lsk_${named}`})`);
}

const shown = (sql: Sql) => sql`
  SELECT id, name, prefix, tenant, scopes, created_at, created_by, expires_at, last_used_at, revoked_at,
         CASE WHEN revoked_at IS NOT NULL THEN 'revoked'
              WHEN expires_at <= longshore_now() THEN 'expired' ELSE 'valid' END AS state
    FROM api_keys`;
