import type { Actor } from "../domain/access.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

export interface RevokedKey {
  /** False where it was revoked before, or there is none. */
  readonly isNew: boolean;
  /** True where its tenant has no valid key with `admin` any more. */
  readonly wasLastAdmin: boolean;
}

export interface RevokeOptions {
  /** Who does it by a key of their own; null for who has the database. */
  readonly by?: Actor | null;
  /** Whether the last valid key with `admin` of its tenant may go, too. */
  readonly evenLastAdmin?: boolean;
}

/**
 * Revokes a key: the next request with it is refused. Those of its tenant's admins are locked first, so that of two who
 * revoke each other's at once the second finds its own to be the last.
 */
export async function revokeKey(
  sql: Sql,
  id: string,
  { by = null, evenLastAdmin = true }: RevokeOptions = {},
): Promise<Result<RevokedKey, "last_admin_key">> {
  const [row] = await within(sql<{ isLast: boolean; isNew: boolean }[]>`
    WITH admins AS MATERIALIZED (
      SELECT id FROM api_keys
       WHERE tenant = (SELECT tenant FROM api_keys WHERE id = ${id}::uuid) AND 'admin' = ANY (scopes)
         AND revoked_at IS NULL AND coalesce(expires_at > longshore_now(), true)
       ORDER BY id FOR NO KEY UPDATE
    ), last AS MATERIALIZED (
      SELECT count(*) = 1 AND coalesce(bool_and(id = ${id}::uuid), false) AS is_last FROM admins
    ), revoked AS (
      UPDATE api_keys SET revoked_at = longshore_now() FROM last
       WHERE id = ${id}::uuid AND revoked_at IS NULL AND (${evenLastAdmin} OR NOT is_last)
      RETURNING id, tenant, prefix
    ), told AS (
      INSERT INTO audit_events (action, tenant, key_id, request_id, details)
      SELECT 'key.revoked', tenant, id, ${by?.requestId ?? null}::text,
             jsonb_strip_nulls(jsonb_build_object('prefix', prefix, 'by', ${by?.keyId ?? null}::text)) FROM revoked
    )
    SELECT is_last, EXISTS (SELECT FROM revoked) AS is_new FROM last`);
  const { isLast = false, isNew = false } = row ?? {};
  if (isLast && !isNew) return fail("last_admin_key");
  return succeed({ isNew, wasLastAdmin: isLast });
}
