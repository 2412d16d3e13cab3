import { isTenantName, type Scope, scopes, tenantNameRule } from "@longshore/shared/domain/access";
import { isKeyName, keyNameRule } from "@longshore/shared/domain/api-key";
import { largestTenantLimit } from "@longshore/shared/domain/tenant-limits";
import { InvalidArgumentError } from "commander";

const unitsMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** A name for people, on one line. Throws commander's InvalidArgumentError, as all of these do, where it is none. */
export function readName(text: string): string {
  const name = text.trim();
  if (isKeyName(name)) return name;
  throw new InvalidArgumentError(`It ${keyNameRule}.`);
}

export function readTenant(text: string): string {
  if (isTenantName(text)) return text;
  throw new InvalidArgumentError(`It ${tenantNameRule}.`);
}

export function readScopes(text: string): readonly Scope[] {
  const names = new Set(text.split(/[\s,]+/).filter((name) => name !== ""));
  const known = scopes.filter((scope) => names.has(scope));
  if (known.length > 0 && known.length === names.size) return known;
  throw new InvalidArgumentError(`It must be of ${scopes.join(", ")}, with commas between.`);
}

/** A time to come, given as one or as a span from `now` (ms). */
export function readExpiry(text: string, _previous?: unknown, now: number = Date.now()): Date {
  const span = /^(?<count>\d{1,5})(?<unit>[hdw])$/.exec(text)?.groups;
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text);
  // safety: the pattern lets only these units through.
  const unit = span?.["unit"] as keyof typeof unitsMs | undefined;
  const ms =
    unit === undefined
      ? isTime
        ? Date.parse(text)
        : Number.NaN
      : now + Number(span?.["count"]) * unitsMs[unit];
  if (ms > now) return new Date(ms);
  throw new InvalidArgumentError(
    "It must be a time to come, such as 2027-01-31 or 2027-01-31T12:00:00Z, or a span, such as 12h, 90d or 4w.",
  );
}

/** A bound of a tenant, 0 for none; or `default`, which is what the service's settings say. */
export type TenantLimit = number | "default";

/** Not null for `default`: what reads the command line takes that for an option without a value. */
export function readTenantLimit(text: string): TenantLimit {
  if (text === "default") return text;
  if (text === "none") return 0;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit >= 1) return limit;
  throw new InvalidArgumentError(
    `It must be a whole number from 1 to ${String(largestTenantLimit)}, none, or default.`,
  );
}

export function readLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= 10_000) return limit;
  throw new InvalidArgumentError("It must be a whole number from 1 to 10000.");
}
