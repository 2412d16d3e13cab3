import type { Key, NewKey } from "@longshore/client";

type Scope = Key["scopes"][number];

/** A key as somebody describes it in the form. */
export interface KeyDraft {
  readonly name: string;
  /** Empty: the reader's own. */
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly lasts: keyof typeof lastingDays;
}

export const scopeChoices: readonly { readonly scope: Scope; readonly name: string }[] = [
  { scope: "jobs:read", name: "Read jobs" },
  { scope: "jobs:write", name: "Schedule, cancel and delete jobs" },
  { scope: "admin", name: "All of it, and keys (admin)" },
];

/** In days; null is for good. */
const lastingDays = { "30 days": 30, "90 days": 90, "a year": 365, "for good": null } as const;

export const lastingChoices = (["30 days", "90 days", "a year", "for good"] as const).map((value) => ({
  value,
  name: value,
}));

export const emptyKeyDraft: KeyDraft = {
  ...{ name: "", tenant: "", scopes: ["jobs:read", "jobs:write"] },
  lasts: "90 days",
};

/** What is asked of the service; `now` in ms since 1970. */
export function toNewKey({ name, tenant, scopes, lasts }: KeyDraft, now: number): NewKey {
  const days = lastingDays[lasts];
  return {
    ...{ name, scopes: [...scopes] },
    ...(tenant.trim() === "" ? {} : { tenant: tenant.trim() }),
    expires_at: days === null ? null : new Date(now + days * 86_400_000).toISOString(),
  };
}
