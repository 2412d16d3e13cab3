/** What a key may be used for. `admin` holds the other two, in its own tenant, and what tells of the whole service. */
export const scopes = ["jobs:read", "jobs:write", "admin"] as const;

export type Scope = (typeof scopes)[number];

/** True where a holder of `held` may do what needs `scope`. */
export function holdsScope(held: readonly Scope[], scope: Scope): boolean {
  return held.includes(scope) || held.includes("admin");
}

/** True where a holder of `held` may hand on `wanted`: nobody gives more than they have. */
export function mayGrant(held: readonly Scope[], wanted: readonly Scope[]): boolean {
  return wanted.every((scope) => holdsScope(held, scope));
}

/** Whose the Jobs are of a service that has no keys. A key may be made for it, and then sees them. */
export const localTenant = "local";

const tenantName = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** What {@link isTenantName} asks for, as the end of a sentence. */
export const tenantNameRule =
  "must have 1 to 63 of a-z, 0-9, dot, dash and underscore, and begin with a letter or a digit";

/** True for what a tenant may be called: such names are safe in logs, in file names and as labels of metrics. */
export function isTenantName(text: string): boolean {
  return tenantName.test(text);
}

/** Who asks: a tenant, by one of its keys, or by none where the service has no keys. */
export interface Caller {
  readonly tenant: string;
  readonly keyId: string | null;
}

/** Everybody, where the service has no keys. */
export const localCaller: Caller = { tenant: localTenant, keyId: null };

/**
 * True for who runs the service and holds `admin`: an admin of the tenant that a service without keys has, and everybody
 * where there are none. An admin of another tenant is that one's alone.
 */
export function isOperator({ tenant }: Pick<Caller, "tenant">): boolean {
  return tenant === localTenant;
}

/** True where an admin's word counts for this tenant: its own, and for who runs the service every one. */
export function mayAdminister(caller: Pick<Caller, "tenant">, tenant: string): boolean {
  return isOperator(caller) || caller.tenant === tenant;
}

/** Who does what the audit trail tells of, and by which request. */
export interface Actor extends Caller {
  readonly requestId: string;
}

/** A Job as its tenant names it: to others there is none of that id. */
export interface OwnJob {
  readonly tenant: string;
  readonly jobId: string;
}
