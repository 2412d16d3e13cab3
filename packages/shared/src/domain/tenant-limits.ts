/** What one tenant may use; 0 is without a bound. */
export interface TenantLimits {
  /** Jobs that wait or run. */
  readonly unfinished: number;
  /** Jobs that wait. */
  readonly queued: number;
  /** Jobs that it submits in a minute; so many at once, too. */
  readonly perMinute: number;
  /** Size of its archives and events together, in MB, above which it submits no more. */
  readonly storedMb: number;
}

/** Of a tenant's limits those that are its own. Null: as the service's settings say. */
export type OwnLimits = { readonly [Limit in keyof TenantLimits]: number | null };

export const largestTenantLimit = 999_999_999;

export const noTenantLimits: TenantLimits = { unfinished: 0, queued: 0, perMinute: 0, storedMb: 0 };

/** Why a tenant may not submit one more Job now. */
export type TenantLimitCode =
  "tenant_jobs_full" | "tenant_queue_full" | "tenant_rate_exceeded" | "tenant_storage_full";

export interface TenantLimitReached {
  readonly code: TenantLimitCode;
  /** When it may well ask again. */
  readonly retryAfterSeconds: number;
}
