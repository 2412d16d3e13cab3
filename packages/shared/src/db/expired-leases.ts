import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import type { JobRow } from "./job-record.ts";
import { within } from "./within.ts";

/** The database's time, by which Leases run out. */
export async function readDatabaseTime(sql: Sql): Promise<Date> {
  const rows = await within(sql<{ now: Date }[]>`SELECT longshore_now() AS now`);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error("the database did not say its time");
  return now;
}

export interface TakeOptions {
  readonly leaseSeconds: number;
  readonly limit: number;
  readonly asOf?: Date;
  /** Jobs that run in the very process that asks: they renew their own. */
  readonly except: readonly string[];
  /** The engine of the one that takes over; null where it is not known. */
  readonly engineId: string | null;
  /** How long after its Lease an Attempt whose container is on another engine is left to the workers of that engine. */
  readonly otherEngineAfterSeconds: number;
}

/**
 * Takes over, in the name of `owner`, up to `limit` running Jobs whose Lease is over, and
 * gives their rows: the new owner then ends each or queues it again. Two sweepers never get the same Job.
 * Attempts of another engine are taken only when their container must have ended: it cannot be seen from here. Each
 * change of hands is counted in `lease_epoch`, by which the container and its agent know the newest owner.
 * Takes none where it comes to run more than 2 s after `asOf`, by the database's clock: a statement that a frozen
 * database runs when it goes on would else take what nobody could renew, and nobody would wait for its answer.
 */
export async function takeExpiredLeases(
  sql: Sql,
  owner: Fence["owner"],
  options: TakeOptions,
): Promise<readonly JobRow[]> {
  // A CTE, not IN (SELECT …): that may be run again in mid-statement, skips the rows that it has just locked, and so
  // gives more than its LIMIT.
  const asOf = options.asOf ?? null;
  return within(sql<JobRow[]>`
    WITH due AS MATERIALIZED (
      SELECT id FROM jobs WHERE status = 'running' AND lease_until < longshore_now()
         AND NOT id = ANY (${[...options.except]}::uuid[])
         AND (engine_id IS NULL OR engine_id = ${options.engineId}
              OR lease_until < longshore_now() - make_interval(secs => ${options.otherEngineAfterSeconds}))
         AND (${asOf}::timestamptz IS NULL OR longshore_now() < ${asOf}::timestamptz + interval '2 seconds')
       ORDER BY lease_until LIMIT ${options.limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE jobs
       SET lease_owner = ${owner}::uuid, lease_epoch = lease_epoch + 1,
           engine_id = ${options.engineId}, lease_until = longshore_now() + make_interval(secs => ${options.leaseSeconds})
     WHERE id = ANY (ARRAY(SELECT id FROM due))
    RETURNING *`);
}
