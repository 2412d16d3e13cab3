import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** Of the given Jobs those that are running, with the Attempt and the owner of its Lease. */
export async function findRunning(
  sql: Sql,
  jobIds: readonly string[],
): Promise<readonly { readonly jobId: string; readonly attempt: number; readonly owner: string }[]> {
  return within(sql<{ jobId: string; attempt: number; owner: string }[]>`
    SELECT id AS job_id, attempt, lease_owner AS owner FROM jobs
     WHERE status = 'running' AND id = ANY (${[...jobIds]}::uuid[])`);
}
