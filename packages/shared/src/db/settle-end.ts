import type { SettledEnd } from "../contracts/settled-end.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { within } from "./within.ts";

/** The times of a Job's end, by the database's clock. */
export interface SettledTimes {
  readonly finishedAt: Date;
  readonly cancelRequestedAt: Date | null;
}

/**
 * Settles how the Job will end, before its archive says so: from here a cancel comes too late, and the Job's end has
 * its time, by the database's clock. Fails with `cancel_requested` where a cancel came first (the end is then to be
 * `cancelled`), and with `lease_lost` where the fence does not hold. May be called again with another status, until
 * {@link noteStoredEnd}: one that was given up, and runs late, takes nothing back.
 */
export async function settleEnd(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
  { status, failure }: Pick<SettledEnd, "status" | "failure">,
): Promise<Result<SettledTimes, "lease_lost" | "cancel_requested">> {
  const rows = await within(sql<(SettledTimes & { settled: boolean })[]>`
    UPDATE jobs
       SET settled_status = CASE WHEN cancel_requested_at IS NULL OR ${status} = 'cancelled'
             THEN ${status} ELSE settled_status END,
           settled = CASE WHEN cancel_requested_at IS NULL OR ${status} = 'cancelled'
             THEN ${JSON.stringify({ status, failure, stored: null } satisfies SettledEnd)}::text::jsonb ELSE settled END
     WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch} AND status = 'running'
       AND (settled ->> 'stored') IS NULL
    RETURNING settled_status IS NOT DISTINCT FROM ${status} AS settled, longshore_now() AS finished_at,
              cancel_requested_at`);
  const row = rows[0];
  if (row === undefined) return fail("lease_lost");
  const { settled, finishedAt, cancelRequestedAt } = row;
  return settled ? succeed({ finishedAt, cancelRequestedAt }) : fail("cancel_requested");
}

/**
 * Notes, before the container is ended, that the settled end has its archive: whoever takes over from here on writes
 * this very end. Fails with `lease_lost` where the fence does not hold, or something else was settled.
 */
export async function noteStoredEnd(
  sql: Sql,
  { jobId, attempt, owner, epoch }: Fence,
  end: SettledEnd,
): Promise<Result<void, "lease_lost">> {
  const rows = await within(sql`
    UPDATE jobs SET settled = ${JSON.stringify(end)}::text::jsonb
     WHERE id = ${jobId}::uuid AND attempt = ${attempt} AND lease_owner = ${owner}::uuid AND lease_epoch = ${epoch} AND status = 'running'
       AND settled_status = ${end.status}
    RETURNING id`);
  return rows.length === 0 ? fail("lease_lost") : succeed(undefined);
}
