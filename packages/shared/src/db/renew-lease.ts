import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { within } from "./within.ts";

/**
 * Makes the Lease last `leaseSeconds` from now, by the database's clock. Gives null where it is lost (another owner,
 * or the Job is over), else when a cancel was asked for, if it was.
 */
export async function renewLease(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
  leaseSeconds: number,
  boundMs: number,
): Promise<{ readonly cancelRequestedAt: Date | null } | null> {
  const rows = await within(
    sql<{ cancelRequestedAt: Date | null }[]>`
      UPDATE jobs SET lease_until = longshore_now() + make_interval(secs => ${leaseSeconds})
       WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch} AND status = 'running'
      RETURNING cancel_requested_at`,
    boundMs,
  );
  return rows[0] ?? null;
}
