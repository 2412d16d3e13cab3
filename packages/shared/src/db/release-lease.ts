import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { within } from "./within.ts";

/**
 * Lets a Lease run out at once, for another worker to take over with the container. Harmless where it is lost already.
 */
export async function releaseLease(sql: Sql, { jobId, attempt, owner, epoch }: Fence): Promise<void> {
  await within(sql`
    UPDATE jobs SET lease_until = longshore_now()
     WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch} AND status = 'running'`);
}
