import type { KeyView } from "../contracts/key-view.ts";
import type { CreatedKeyView } from "../contracts/new-key.ts";
import type { CreatedKey } from "./create-key.ts";
import type { KeyRecord } from "./list-keys.ts";

/** A key as GET /keys and `npm run keys -- list --json` show it. */
export function toKeyView(key: KeyRecord): KeyView {
  const { id, prefix, name, tenant, scopes, state } = key;
  return {
    ...{ id, prefix, name, tenant, scopes: [...scopes], state },
    created_at: key.createdAt.toISOString(),
    created_by: key.createdBy,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}

/** A key as it is shown when it is made, the secret with it. */
export function toCreatedKeyView(created: CreatedKey): CreatedKeyView {
  return { ...toKeyView(created), key: created.key };
}
