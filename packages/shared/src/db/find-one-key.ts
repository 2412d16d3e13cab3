import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import { findKeysBy, type KeyRecord } from "./list-keys.ts";

/** Why no key is meant: there is none, or these all have the prefix. */
export type NoOneKey = "key_not_found" | { readonly several: readonly KeyRecord[] };

/** The key that is meant by a prefix, an id, or a key itself; where a tenant is given, of that one alone. */
export async function findOneKey(
  sql: Sql,
  named: string,
  tenant: string | null = null,
): Promise<Result<KeyRecord, NoOneKey>> {
  const keys = await findKeysBy(sql, named);
  const [found, ...others] = keys.filter((key) => tenant === null || key.tenant === tenant);
  if (found === undefined) return fail("key_not_found");
  return others.length === 0 ? succeed(found) : fail({ several: [found, ...others] });
}
