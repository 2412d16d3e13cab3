import type { Sql } from "@longshore/shared/db/connect-database";
import { createKey, type NewKey } from "@longshore/shared/db/create-key";
import { hasKeys } from "@longshore/shared/db/has-keys";
import type { Said } from "./said.ts";

/** Makes a key and shows it. */
export async function createApiKey(sql: Sql, given: NewKey & { readonly json: boolean }): Promise<Said> {
  const { name, tenant, scopes, expiresAt, json } = given;
  const isFirst = !(await hasKeys(sql));
  const { id, key, prefix } = await createKey(sql, { name, tenant, scopes, expiresAt });
  const expires = expiresAt?.toISOString() ?? null;
  if (json) {
    const shown = { id, key, prefix, name, tenant, scopes, expires_at: expires };
    return { out: `${JSON.stringify(shown)}\n` };
  }
  const lines = [
    `  Key      ${key}`,
    `  Tenant   ${tenant}`,
    `  Scopes   ${scopes.join(", ")}`,
    `  Expires  ${expires ?? "never"}`,
    "",
    "It is not stored, and cannot be shown again.",
  ];
  const first =
    "This is the first key: from now on the service asks everybody for one, and HOST may be any address. There is no way back.";
  return { out: `${[...lines, ...(isFirst ? [first] : [])].join("\n")}\n` };
}
