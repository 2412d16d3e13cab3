import type { Scope } from "../domain/access.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

export interface FoundKey {
  readonly id: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly hash: Buffer;
  readonly state: "valid" | "revoked" | "expired";
  /** True where its last use was noted more than a minute ago. */
  readonly useIsDue: boolean;
}

/** The key of this hash, or null. Whether it may still be used is told by the database's clock. */
export async function findKey(sql: Sql, hash: Buffer): Promise<FoundKey | null> {
  const rows = await within(sql<FoundKey[]>`
    SELECT id, tenant, scopes, hash,
           CASE WHEN revoked_at IS NOT NULL THEN 'revoked'
                WHEN expires_at <= longshore_now() THEN 'expired' ELSE 'valid' END AS state,
           coalesce(last_used_at < longshore_now() - interval '1 minute', true) AS use_is_due
      FROM api_keys WHERE hash = ${hash}`);
  return rows[0] ?? null;
}

/** Of these keys those that may not be used any more. */
export async function findEndedKeys(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await within(sql<{ id: string }[]>`
    SELECT id FROM api_keys
     WHERE id = ANY (${[...ids]}::uuid[]) AND (revoked_at IS NOT NULL OR expires_at <= longshore_now())`);
  return rows.map(({ id }) => id);
}
