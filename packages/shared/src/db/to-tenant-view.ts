import type { TenantLimitsView, TenantView } from "../contracts/tenant-view.ts";
import type { OwnLimits, TenantLimits } from "../domain/tenant-limits.ts";
import type { TenantRecord } from "./list-tenants.ts";

/** Limits by the names that they have in JSON. */
export function toLimitsView({ unfinished, queued, perMinute, storedMb }: OwnLimits): TenantLimitsView {
  return { unfinished, queued, per_minute: perMinute, stored_mb: storedMb };
}

/** A tenant as GET /tenants shows it. `given` are the service's settings, which hold where it has no limit of its own. */
export function toTenantView(tenant: TenantRecord, given: TenantLimits): TenantView {
  const holds = (limit: keyof TenantLimits) => (tenant[limit] ?? given[limit]) || null;
  return {
    name: tenant.tenant,
    keys: tenant.keys,
    limits: toLimitsView({
      unfinished: holds("unfinished"),
      queued: holds("queued"),
      perMinute: holds("perMinute"),
      storedMb: holds("storedMb"),
    }),
    own_limits: toLimitsView(tenant),
    use: {
      unfinished: tenant.waiting + tenant.running,
      queued: tenant.waiting,
      stored_bytes: tenant.storedBytes,
    },
  };
}
