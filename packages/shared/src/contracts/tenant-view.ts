import { z } from "zod";
import { largestTenantLimit } from "../domain/tenant-limits.ts";
import { tenantNameText } from "./tenant-name.ts";

const count = z.number().int().min(0);

const limits = (meanings: { readonly null: string; readonly zero: string }) => {
  const limit = (what: string) =>
    z
      .number()
      .int()
      .min(0)
      .max(largestTenantLimit)
      .nullable()
      .meta({ description: `${what} Null: ${meanings.null}.${meanings.zero}` });
  return {
    unfinished: limit("Jobs that may wait or run."),
    queued: limit("Jobs that may wait."),
    per_minute: limit("Jobs that may be submitted in a minute."),
    stored_mb: limit("Size of its archives and logs together, in MB."),
  };
};

const ownLimits = limits({
  null: "as the service's settings say (`TENANT_MAX_*`)",
  zero: " 0: without a bound.",
});

export const tenantView = z
  .strictObject({
    name: tenantNameText,
    keys: count.meta({ description: "Those that are valid." }),
    limits: z
      .strictObject(limits({ null: "without a bound", zero: "" }))
      .meta({ id: "TenantLimits", description: "Those that hold." }),
    own_limits: z
      .strictObject(ownLimits)
      .meta({ id: "OwnLimits", description: "Those that are this tenant's own." }),
    use: z
      .strictObject({
        unfinished: count.meta({ description: "Jobs that wait or run." }),
        queued: count.meta({ description: "Jobs that wait." }),
        stored_bytes: count.meta({ description: "Of its archives and logs together." }),
      })
      .meta({ id: "TenantUse" }),
  })
  .meta({ id: "Tenant" });

export type TenantView = z.output<typeof tenantView>;
export type TenantLimitsView = TenantView["own_limits"];

/** The answer of GET /tenants. */
export const tenantList = z
  .strictObject({ tenants: z.array(tenantView).meta({ description: "By name, 1,000 at most." }) })
  .meta({ id: "TenantList" });

/** The body of PATCH /tenants/{name}: what is left out stays. */
export const limitChanges = z
  .strictObject(ownLimits)
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, { error: "must name at least one limit" })
  .transform(({ unfinished, queued, per_minute: perMinute, stored_mb: storedMb }) => ({
    ...(unfinished === undefined ? {} : { unfinished }),
    ...(queued === undefined ? {} : { queued }),
    ...(perMinute === undefined ? {} : { perMinute }),
    ...(storedMb === undefined ? {} : { storedMb }),
  }))
  .meta({ id: "LimitChanges" });
