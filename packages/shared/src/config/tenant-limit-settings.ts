import { z } from "zod";
import type { TenantLimits } from "../domain/tenant-limits.ts";
import { wholeNumber } from "./whole-number.ts";

const most = 1_000_000_000;

/** TENANT_MAX_*: what one tenant may use, unless the database says otherwise of it; 0 is without a bound. */
export const tenantLimitSettings = z.object({
  TENANT_MAX_UNFINISHED: wholeNumber(0, most, 0),
  TENANT_MAX_QUEUED: wholeNumber(0, most, 0),
  TENANT_MAX_PER_MINUTE: wholeNumber(0, most, 0),
  TENANT_MAX_STORED_MB: wholeNumber(0, most, 0),
});

export function toTenantLimits(settings: z.output<typeof tenantLimitSettings>): TenantLimits {
  return {
    unfinished: settings.TENANT_MAX_UNFINISHED,
    queued: settings.TENANT_MAX_QUEUED,
    perMinute: settings.TENANT_MAX_PER_MINUTE,
    storedMb: settings.TENANT_MAX_STORED_MB,
  };
}
