import type { TerminalStatus } from "../domain/job-state.ts";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { within } from "./within.ts";

/**
 * Whether the Job ended as `status` in the hands of this owner, and so by its own statement, whose answer may have been
 * lost: had another taken the Attempt over, its epoch would be higher. False also where the Job is deleted by now.
 */
export async function endedBy(
  sql: Sql,
  { jobId, attempt, epoch }: Fence,
  status: TerminalStatus,
): Promise<boolean> {
  const rows = await within(sql`
    SELECT id FROM jobs
     WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_epoch = ${epoch} AND status = ${status}`);
  return rows.length > 0;
}
