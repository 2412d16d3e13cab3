import type { Sql } from "@longshore/shared/db/connect-database";
import { findKeysBy, type KeyRecord } from "@longshore/shared/db/list-keys";
import { redactApiKeys } from "@longshore/shared/domain/api-key";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** The key that is meant, or a sentence that says why there is none. */
export async function findOneKey(sql: Sql, named: string): Promise<Result<KeyRecord, string>> {
  const [found, ...others] = await findKeysBy(sql, named);
  if (found === undefined) return fail(`There is no key ${redactApiKeys(named)}; see: npm run keys -- list`);
  if (others.length === 0) return succeed(found);
  const ids = [found, ...others].map(({ id, name }) => `\n  ${id}  ${name}`).join("");
  return fail(`Several keys have the prefix ${named}. Give the id:${ids}`);
}
