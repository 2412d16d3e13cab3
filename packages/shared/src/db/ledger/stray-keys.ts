import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** An idempotency key whose Job is not there. */
export interface StrayKey {
  readonly caller: string;
  readonly key: string;
}

/** How many idempotency keys there are, and up to `limit` of those that no Job goes with. They are kept for a day only. */
export async function listStrayKeys(
  sql: Sql,
  limit: number,
): Promise<{ readonly total: number; readonly strays: readonly StrayKey[] }> {
  const counted = await within(sql<{ total: number }[]>`SELECT count(*) AS total FROM idempotency_keys`);
  const strays = await within(sql<StrayKey[]>`
    SELECT caller, key FROM idempotency_keys
     WHERE NOT EXISTS (SELECT FROM jobs WHERE id = job_id) ORDER BY caller, key LIMIT ${limit}`);
  return { total: counted[0]?.total ?? 0, strays };
}

/** Forgets a key, where there still is no Job. */
export async function deleteStrayKey(sql: Sql, { caller, key }: StrayKey): Promise<void> {
  await within(sql`
    DELETE FROM idempotency_keys WHERE caller = ${caller} AND key = ${key}
       AND NOT EXISTS (SELECT FROM jobs WHERE id = job_id)`);
}
