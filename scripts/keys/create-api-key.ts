import type { Sql } from "@longshore/shared/db/connect-database";
import { createKey, type NewKey } from "@longshore/shared/db/create-key";
import { hasKeys } from "@longshore/shared/db/has-keys";
import { toCreatedKeyView } from "@longshore/shared/db/to-key-view";
import type { Said } from "./said.ts";

/** Makes a key and shows it. */
export async function createApiKey(sql: Sql, given: NewKey & { readonly json: boolean }): Promise<Said> {
  const { name, tenant, scopes, expiresAt, json } = given;
  const isFirst = !(await hasKeys(sql));
  const created = await createKey(sql, { name, tenant, scopes, expiresAt });
  if (json) return { out: `${JSON.stringify(toCreatedKeyView(created))}\n` };
  const lines = [
    `  Key      ${created.key}`,
    `  Tenant   ${tenant}`,
    `  Scopes   ${scopes.join(", ")}`,
    `  Expires  ${expiresAt?.toISOString() ?? "never"}`,
    "",
    "It is not stored, and cannot be shown again.",
  ];
  const first =
    "This is the first key: from now on the service asks everybody for one, and HOST may be any address. There is no way back.";
  return { out: `${[...lines, ...(isFirst ? [first] : [])].join("\n")}\n` };
}
