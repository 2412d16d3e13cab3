import type { NoOneKey } from "@longshore/shared/db/find-one-key";
import type { KeyRecord } from "@longshore/shared/db/list-keys";
import type { RevokedKey, RevokeOptions } from "@longshore/shared/db/revoke-key";
import { type Actor, isOperator } from "@longshore/shared/domain/access";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";

export interface RevokeKeyDeps {
  /** Of one tenant, or of all where that is null. */
  readonly findOneKey: (named: string, tenant: string | null) => Promise<Result<KeyRecord, NoOneKey>>;
  readonly revokeKey: (id: string, options: RevokeOptions) => Promise<Result<RevokedKey, "last_admin_key">>;
}

export type KeyNotRevoked = "keys_unconfigured" | "key_not_found" | "key_ambiguous" | "last_admin_key";

/** Revokes a key of the caller's tenant, or, for who runs the service, of any. Twice is as once. */
export function createRevokeKey({ findOneKey, revokeKey }: RevokeKeyDeps) {
  return async (
    named: string,
    by: Actor,
    { evenLastAdmin }: { readonly evenLastAdmin: boolean },
  ): Promise<Result<{ readonly key: KeyRecord; readonly isNew: boolean }, KeyNotRevoked>> => {
    if (by.keyId === null) return fail("keys_unconfigured");
    const whose = isOperator(by) ? null : by.tenant;
    const found = await findOneKey(named, whose);
    if (!found.ok) return fail(found.failure === "key_not_found" ? found.failure : "key_ambiguous");
    const revoked = await revokeKey(found.value.id, { by, evenLastAdmin });
    if (!revoked.ok) return revoked;
    // As it is now: when it was revoked is told by the database's clock.
    const after = await findOneKey(found.value.id, whose);
    return after.ok ? succeed({ key: after.value, isNew: revoked.value.isNew }) : fail("key_not_found");
  };
}
