import type { FoundKey } from "@longshore/shared/db/find-key";
import { hashKey } from "@longshore/shared/db/key-hash";
import type { Caller, Scope } from "@longshore/shared/domain/access";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { timingSafeEqual } from "node:crypto";
import type { Credentials } from "./read-credentials.ts";

/** Who asks, by a key that is valid. */
export interface Identity extends Caller {
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

export interface Refusal {
  readonly code: "key_missing" | "key_invalid" | "key_revoked" | "key_expired";
  /** Whose key it was; null where it is nobody's. */
  readonly key: Pick<FoundKey, "id" | "tenant"> | null;
}

export interface AuthenticateDeps {
  readonly findKey: (hash: Buffer) => Promise<FoundKey | null>;
  /** Is told of each key that was let in and whose use was not noted lately. Must not wait. */
  readonly onUse: (keyId: string, requestId: string) => void;
}

export type Authenticate = (given: Credentials, requestId: string) => Promise<Result<Identity, Refusal>>;

/** Looks the key up each time: one that was revoked is refused from the next request on. */
export function createAuthenticate({ findKey, onUse }: AuthenticateDeps): Authenticate {
  return async (given, requestId) => {
    if (given.type !== "key") {
      return fail({ code: given.type === "none" ? "key_missing" : "key_invalid", key: null });
    }
    const hash = hashKey(given.key);
    const found = await findKey(hash);
    // The index compares byte by byte, and what that takes tells of the hash alone, from which no key follows. What
    // decides is this comparison.
    if (found === null || !timingSafeEqual(found.hash, hash)) return fail({ code: "key_invalid", key: null });
    if (found.state !== "valid") return fail({ code: `key_${found.state}`, key: found });
    if (found.useIsDue) onUse(found.id, requestId);
    return succeed({ tenant: found.tenant, keyId: found.id, scopes: found.scopes });
  };
}
