import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** Revokes a key: the next request with it is refused. False where it was revoked before, or there is none. */
export async function revokeKey(sql: Sql, id: string): Promise<boolean> {
  const rows = await within(sql`
    WITH revoked AS (
      UPDATE api_keys SET revoked_at = longshore_now() WHERE id = ${id}::uuid AND revoked_at IS NULL
      RETURNING id, tenant, prefix
    )
    INSERT INTO audit_events (action, tenant, key_id, details)
    SELECT 'key.revoked', tenant, id, jsonb_build_object('prefix', prefix) FROM revoked
    RETURNING key_id`);
  return rows.length > 0;
}
