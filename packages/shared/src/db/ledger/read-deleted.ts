import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/**
 * Of the given Jobs, which have no row, those that are known to have been deleted: what is behind them is still to be
 * removed, or the audit trail has it, as long as that is kept. That one is read whole: not for each look of a service.
 */
export async function readDeleted(sql: Sql, jobIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (jobIds.length === 0) return new Set();
  const ids = [...new Set(jobIds)];
  const rows = await within(sql<{ jobId: string }[]>`
    SELECT job_id FROM removals WHERE job_id = ANY (${ids}::uuid[])
     UNION SELECT job_id FROM audit_events WHERE action = 'job.deleted' AND job_id = ANY (${ids}::uuid[])`);
  return new Set(rows.map(({ jobId }) => jobId));
}
