import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** What is still to be removed of a Job that has expired or was deleted. */
export interface RemovalRow {
  readonly jobId: string;
  /** Since it was asked for. */
  readonly seconds: number;
}

/** How many removals are under way, and the longest of them, at most `limit`. */
export async function listRemovals(
  sql: Sql,
  limit: number,
): Promise<{ readonly total: number; readonly oldest: readonly RemovalRow[] }> {
  const counted = await within(sql<{ total: number }[]>`SELECT count(*) AS total FROM removals`);
  const oldest = await within(sql<RemovalRow[]>`
    SELECT job_id, extract(epoch FROM longshore_now() - asked_at)::float8 AS seconds
      FROM removals ORDER BY asked_at LIMIT ${limit}`);
  return { total: counted[0]?.total ?? 0, oldest };
}
