import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { within } from "./within.ts";

/**
 * Makes the Lease last `leaseSeconds` from now, by the database's clock. Gives null where it is lost (another owner,
 * or the Job is over), else whether the Job is to be cancelled.
 */
export async function renewLease(
  sql: Sql,
  { jobId, attempt, owner }: Fence,
  leaseSeconds: number,
  boundMs: number,
): Promise<{ readonly cancelRequested: boolean } | null> {
  const rows = await within(
    sql<{ cancelRequested: boolean }[]>`
      UPDATE jobs SET lease_until = longshore_now() + make_interval(secs => ${leaseSeconds})
       WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND status = 'running'
      RETURNING cancel_requested_at IS NOT NULL AS cancel_requested`,
    boundMs,
  );
  return rows[0] ?? null;
}
