import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/**
 * Notes that a key is in use, unless that was noted within the last minute; the first use in an hour goes into the
 * audit trail. One statement, so that many processes note it once.
 */
export async function noteKeyUse(sql: Sql, keyId: string, requestId: string): Promise<void> {
  await within(sql`
    WITH due AS MATERIALIZED (
      SELECT id, tenant, last_used_at FROM api_keys
       WHERE id = ${keyId}::uuid
         AND coalesce(last_used_at < longshore_now() - interval '1 minute', true) FOR NO KEY UPDATE SKIP LOCKED
    ), noted AS (
      UPDATE api_keys SET last_used_at = longshore_now() FROM due WHERE api_keys.id = due.id
    )
    INSERT INTO audit_events (action, tenant, key_id, request_id)
    SELECT 'key.used', tenant, id, ${requestId}::text FROM due
     WHERE coalesce(last_used_at < longshore_now() - interval '1 hour', true)`);
}
