import { localTenant } from "../domain/access.ts";
import type { OwnLimits } from "../domain/tenant-limits.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** A tenant, its own limits, and what it uses of them. */
export interface TenantRecord extends OwnLimits {
  readonly tenant: string;
  /** Keys that are neither revoked nor expired. */
  readonly keys: number;
  /** Jobs that it has `waiting` and `running`. */
  readonly waiting: number;
  readonly running: number;
  /** Of its archives and events together. */
  readonly storedBytes: number;
}

/**
 * The tenants that have keys or limits, and the one of a service without keys, by name, at most `limit`; where a name is
 * given, that one alone, which nothing needs to be known of. What is stored is added up from an index: with a million
 * jobs that takes a part of a second.
 */
export async function listTenants(
  sql: Sql,
  tenant: string | null,
  limit: number,
): Promise<readonly TenantRecord[]> {
  return within(sql<TenantRecord[]>`
    WITH named AS (
      SELECT tenant FROM api_keys UNION SELECT tenant FROM tenant_limits UNION SELECT ${tenant ?? localTenant}::text
    ), shown AS (
      SELECT tenant FROM named WHERE ${tenant}::text IS NULL OR tenant = ${tenant} ORDER BY tenant LIMIT ${limit}::bigint
    ), valid AS (
      SELECT tenant, count(*) AS keys FROM api_keys
       WHERE revoked_at IS NULL AND coalesce(expires_at > longshore_now(), true) GROUP BY tenant
    )
    SELECT tenant, unfinished, queued, per_minute, stored_mb, coalesce(keys, 0) AS keys,
           (SELECT count(*) FROM jobs WHERE status = 'queued' AND tenant = shown.tenant) AS waiting,
           (SELECT count(*) FROM jobs WHERE status = 'running' AND tenant = shown.tenant) AS running,
           (SELECT coalesce(sum(kept_bytes), 0)::bigint FROM jobs
             WHERE tenant = shown.tenant AND expired_at IS NULL AND finished_at IS NOT NULL) AS stored_bytes
      FROM shown LEFT JOIN tenant_limits USING (tenant) LEFT JOIN valid USING (tenant)
     ORDER BY tenant`);
}
