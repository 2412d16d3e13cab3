import type { LimitChanges, Tenant } from "@longshore/client";

export const limitFields = [
  { name: "unfinished", label: "Jobs that may wait or run" },
  { name: "queued", label: "Jobs that may wait" },
  { name: "per_minute", label: "Jobs that may be submitted in a minute" },
  { name: "stored_mb", label: "Archives and logs together, MiB" },
] as const;

type LimitName = (typeof limitFields)[number]["name"];

/** A tenant's own limits as they are written in the form; empty: as the service's settings say. */
export type LimitsDraft = Readonly<Record<LimitName, string>>;

export const limitTextRule = "must be a whole number, or empty";

/** What a tenant's limits are before anything is written. */
export function toLimitsDraft(own: Tenant["own_limits"]): LimitsDraft {
  const text = (name: LimitName) => String(own[name] ?? "");
  return {
    unfinished: text("unfinished"),
    queued: text("queued"),
    per_minute: text("per_minute"),
    stored_mb: text("stored_mb"),
  };
}

/** True for what can be a limit. What is no number must not be taken for an empty field. */
export function isLimitText(text: string): boolean {
  return /^\d{0,16}$/.test(text.trim());
}

/** What is asked of the service: the limits that are other than before, as others may have changed the rest meanwhile. */
export function toLimitChanges(before: LimitsDraft, after: LimitsDraft): LimitChanges {
  const changed = limitFields.filter(({ name }) => after[name].trim() !== before[name]);
  return Object.fromEntries(
    changed.map(({ name }) => [name, after[name].trim() === "" ? null : Number(after[name])]),
  );
}
