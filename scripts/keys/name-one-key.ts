import type { Sql } from "@longshore/shared/db/connect-database";
import { findOneKey } from "@longshore/shared/db/find-one-key";
import type { KeyRecord } from "@longshore/shared/db/list-keys";
import { redactApiKeys } from "@longshore/shared/domain/api-key";
import { fail, type Result } from "@longshore/shared/domain/result";

/** The key that is meant, or a sentence that says why there is none. */
export async function nameOneKey(sql: Sql, named: string): Promise<Result<KeyRecord, string>> {
  const found = await findOneKey(sql, named);
  if (found.ok) return found;
  if (found.failure === "key_not_found") {
    return fail(`There is no key ${redactApiKeys(named)}; see: npm run keys -- list`);
  }
  const ids = found.failure.several.map(({ id, name }) => `\n  ${id}  ${name}`).join("");
  return fail(`Several keys have the prefix ${named}. Give the id:${ids}`);
}
