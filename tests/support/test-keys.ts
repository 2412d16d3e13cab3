import type { Sql } from "@longshore/shared/db/connect-database";
import { createKey } from "@longshore/shared/db/create-key";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import type { Scope } from "@longshore/shared/domain/access";

/** Makes a key, valid for ever unless `expiresAt` says otherwise. */
export function makeKey(sql: Sql, tenant: string, scopes: readonly Scope[], expiresAt: Date | null = null) {
  return createKey(sql, { name: `for ${tenant}`, tenant, scopes, expiresAt });
}

/** Makes a key that was revoked. */
export async function makeRevokedKey(sql: Sql, tenant: string, scopes: readonly Scope[]) {
  const made = await makeKey(sql, tenant, scopes);
  await revokeKey(sql, made.id);
  return made;
}

/** Makes a key that expired a second ago. */
export function makeExpiredKey(sql: Sql, tenant: string, scopes: readonly Scope[]) {
  return makeKey(sql, tenant, scopes, new Date(Date.now() - 1_000));
}
