import type { KeyMaker, MadeKey, NewKey, NotCreated } from "@longshore/shared/db/create-key";
import { type Actor, mayAdminister, mayGrant, type Scope } from "@longshore/shared/domain/access";
import { fail, type Result } from "@longshore/shared/domain/result";

export interface MakeKeyDeps {
  readonly createKeyBy: (wanted: NewKey, by: KeyMaker) => Promise<Result<MadeKey, NotCreated>>;
}

/** Who wants a key: by which key of their own, and what that may. */
export interface WouldBeMaker extends Actor {
  readonly scopes: readonly Scope[];
  readonly idempotencyKey: string | null;
}

export type KeyNotMade =
  | NotCreated
  | "keys_unconfigured"
  | "operator_only"
  | { readonly code: "scope_missing"; readonly scope: Scope };

/** Makes a key for the tenant of who wants it, or, for who runs the service, of any; it may no more than its maker. */
export function createMakeKey({ createKeyBy }: MakeKeyDeps) {
  return async (
    { tenant, ...wanted }: Omit<NewKey, "tenant"> & { readonly tenant: string | undefined },
    by: WouldBeMaker,
  ): Promise<Result<MadeKey, KeyNotMade>> => {
    const { scopes: held, keyId, ...maker } = by;
    if (keyId === null) return fail("keys_unconfigured");
    const whose = tenant ?? by.tenant;
    if (!mayAdminister(by, whose)) return fail("operator_only");
    const beyond = wanted.scopes.find((scope) => !mayGrant(held, [scope]));
    if (beyond !== undefined) return fail({ code: "scope_missing", scope: beyond });
    return createKeyBy({ ...wanted, tenant: whose }, { ...maker, keyId });
  };
}
