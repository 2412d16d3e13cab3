import type { Sql } from "@longshore/shared/db/connect-database";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import { nameOneKey } from "./name-one-key.ts";
import type { Said } from "./said.ts";

/** Revokes one key. Twice is as once. */
export async function revokeApiKey(
  sql: Sql,
  { named, json }: { readonly named: string; readonly json: boolean },
): Promise<Said> {
  const found = await nameOneKey(sql, named);
  if (!found.ok) return { out: "", fault: `\n✗ ${found.failure}\n` };
  const { id, prefix, name, tenant } = found.value;
  const revoked = await revokeKey(sql, id);
  if (!revoked.ok) throw new Error(`the key ${prefix} may go, and was kept`);
  const { isNew, wasLastAdmin } = revoked.value;
  if (json) {
    const shown = { id, prefix, name, revoked: true, was_revoked: !isNew, was_last_admin: wasLastAdmin };
    return { out: `${JSON.stringify(shown)}\n` };
  }
  const what = isNew ? "is revoked: the next request with it is refused" : "was revoked before";
  const last = wasLastAdmin ? `It was the last valid one of ${tenant} with the scope admin.\n` : "";
  return { out: `The key ${prefix} (${name}) ${what}.\n${last}` };
}
