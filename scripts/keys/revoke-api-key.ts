import type { Sql } from "@longshore/shared/db/connect-database";
import { revokeKey } from "@longshore/shared/db/revoke-key";
import { findOneKey } from "./find-one-key.ts";
import type { Said } from "./said.ts";

/** Revokes one key. Twice is as once. */
export async function revokeApiKey(
  sql: Sql,
  { named, json }: { readonly named: string; readonly json: boolean },
): Promise<Said> {
  const found = await findOneKey(sql, named);
  if (!found.ok) return { out: "", fault: `\n✗ ${found.failure}\n` };
  const { id, prefix, name } = found.value;
  const isNew = await revokeKey(sql, id);
  if (json) return { out: `${JSON.stringify({ id, prefix, name, revoked: true, was_revoked: !isNew })}\n` };
  const what = isNew ? "is revoked: the next request with it is refused" : "was revoked before";
  return { out: `The key ${prefix} (${name}) ${what}.\n` };
}
