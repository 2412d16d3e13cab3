import { asc } from "drizzle-orm";
import type { Actor } from "../domain/access.ts";
import type { OwnLimits } from "../domain/tenant-limits.ts";
import type { Orm, Sql } from "./connect-database.ts";
import { tenantLimits } from "./schema.ts";
import { toJson } from "./to-json.ts";
import { within } from "./within.ts";

export type TenantWithLimits = OwnLimits & { readonly tenant: string };

/** Every tenant that has limits of its own, by name. */
export async function listTenantLimits(orm: Orm): Promise<readonly TenantWithLimits[]> {
  return within(orm.select().from(tenantLimits).orderBy(asc(tenantLimits.tenant)));
}

/**
 * Changes limits of a tenant, and leaves those alone that are not given; the next submission is held against them. `by`
 * is who does it by a key of their own; null is who has the database.
 */
export async function setTenantLimits(
  sql: Sql,
  tenant: string,
  changes: Partial<OwnLimits>,
  by: Actor | null = null,
): Promise<void> {
  const { unfinished, queued, perMinute, storedMb } = changes;
  const details = toJson(changes);
  await within(sql`
    WITH changed AS (
      INSERT INTO tenant_limits AS own (tenant, unfinished, queued, per_minute, stored_mb)
      VALUES (${tenant}, ${unfinished ?? null}, ${queued ?? null}, ${perMinute ?? null}, ${storedMb ?? null})
      ON CONFLICT (tenant) DO UPDATE
         SET unfinished = CASE WHEN ${unfinished !== undefined} THEN excluded.unfinished ELSE own.unfinished END,
             queued = CASE WHEN ${queued !== undefined} THEN excluded.queued ELSE own.queued END,
             per_minute = CASE WHEN ${perMinute !== undefined} THEN excluded.per_minute ELSE own.per_minute END,
             stored_mb = CASE WHEN ${storedMb !== undefined} THEN excluded.stored_mb ELSE own.stored_mb END
      RETURNING own.tenant
    )
    INSERT INTO audit_events (action, tenant, key_id, request_id, details)
    SELECT 'tenant.limited', changed.tenant, ${by?.keyId ?? null}::uuid, ${by?.requestId ?? null}::text,
           ${sql.json(details)}::jsonb
      FROM changed`);
}
