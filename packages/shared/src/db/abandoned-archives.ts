import { isForeignKey, keyParts } from "./archive-key.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/**
 * Of these keys those whose archive nobody will ever name: the key says of which Attempt it is, that Attempt does not
 * run (who writes it has lost its Lease), no Job names it, and no removal. One statement sees all of that at one time.
 * Keys that say no Attempt are never among them, nor those of another installation.
 */
export async function findAbandonedArchives(sql: Sql, keys: readonly string[]): Promise<readonly string[]> {
  // OFFSET: each key is looked up for itself. As a join, by what is known of an empty table, it looks at every Job.
  const rows = await within(sql<{ key: string }[]>`
    SELECT key FROM unnest(${[...keys]}::text[]) AS key, ${keyParts(sql)}
     WHERE made.job_id IS NOT NULL AND made.attempt IS NOT NULL AND NOT ${isForeignKey(sql)}
       AND NOT EXISTS (
         SELECT FROM jobs WHERE id = made.job_id AND status = 'running' AND jobs.attempt = made.attempt OFFSET 0)
       AND NOT EXISTS (SELECT FROM jobs WHERE archive_key = key AND expired_at IS NULL OFFSET 0)
       AND NOT EXISTS (SELECT FROM removals WHERE archive_key = key)`);
  return rows.map(({ key }) => key);
}
