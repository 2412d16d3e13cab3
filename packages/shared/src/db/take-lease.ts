import type { PendingQuery, Row } from "postgres";
import type { Sql } from "./connect-database.ts";
import type { JobRow } from "./job-record.ts";
import { notifyEvents } from "./notify-events.ts";
import { within } from "./within.ts";

export interface LeaseTerms {
  readonly leaseSeconds: number;
  /** The engine on which the Attempt's container will be; null where that is not known. */
  readonly engineId: string | null;
}

/**
 * Takes the Lease of the Attempt that is next, and makes its Job running: of the tenant of which the fewest run, among
 * equals of the one that had its turn longest ago, the one that has been due for longest. Gives the whole row, or null
 * where none is due. So the order in which Jobs run is decided here, and not by the queue; what it costs grows with the
 * tenants that wait, not with their Jobs.
 */
export async function takeNextLease(sql: Sql, owner: string, terms: LeaseTerms): Promise<JobRow | null> {
  const ofNextTenant = sql`AND tenant = (${findNextTenant(sql)})`;
  // What another is just taking is left to that one, and the tenant that is next looked for once more. Then it is whatever
  // is due: nobody waits for one row while there are others. At last it is waited for, as a row may be held for another
  // reason, such as the note that its Message is in the queue: a Message that was taken in vain is missed only after a while.
  for (const [which, held] of [
    [ofNextTenant, sql`SKIP LOCKED`],
    [ofNextTenant, sql`SKIP LOCKED`],
    [sql``, sql`SKIP LOCKED`],
    [sql``, sql``],
  ] as const) {
    const next = sql`
      SELECT id, attempt FROM jobs WHERE status = 'queued' AND run_after <= (SELECT longshore_now()) ${which}
       ORDER BY run_after, id LIMIT 1 FOR UPDATE ${held}`;
    const row = await takeLeaseOf(sql, next, owner, terms);
    if (row !== null) return row;
  }
  return null;
}

const findNextTenant = (sql: Sql) => sql`
  WITH RECURSIVE waiting AS (
    (SELECT tenant FROM jobs WHERE status = 'queued' ORDER BY tenant LIMIT 1)
    UNION ALL
    SELECT (SELECT tenant FROM jobs WHERE status = 'queued' AND tenant > waiting.tenant ORDER BY tenant LIMIT 1)
      FROM waiting WHERE waiting.tenant IS NOT NULL
  )
  SELECT waiting.tenant FROM waiting
   CROSS JOIN LATERAL (
     SELECT run_after FROM jobs
      WHERE status = 'queued' AND jobs.tenant = waiting.tenant AND run_after <= (SELECT longshore_now())
      ORDER BY run_after LIMIT 1) AS first
   ORDER BY (SELECT count(*) FROM jobs WHERE status = 'running' AND jobs.tenant = waiting.tenant),
            (SELECT turn_at FROM tenant_use WHERE tenant_use.tenant = waiting.tenant) NULLS FIRST,
            first.run_after
   LIMIT 1`;

/**
 * Takes the Lease of the queued Attempt that `wanted` selects (`id`, `attempt`), and makes its Job running. Null where
 * it selects none, or the Attempt is not there to be taken: taken by another, ended, cancelled, of another number.
 */
export async function takeLeaseOf(
  sql: Sql,
  wanted: PendingQuery<Row[]>,
  owner: string,
  { leaseSeconds, engineId }: LeaseTerms,
): Promise<JobRow | null> {
  const rows = await within(sql<JobRow[]>`
    WITH wanted AS MATERIALIZED (${wanted}), job AS (
      UPDATE jobs
         SET status = 'running', lease_owner = ${owner}::uuid,
             lease_until = longshore_now() + make_interval(secs => ${leaseSeconds}),
             started_at = coalesce(started_at, longshore_now()), attempt_started_at = longshore_now(),
             agent_seq = 0, lease_epoch = 0, engine_id = ${engineId}, resume = NULL, last_seq = last_seq + 1,
             timings = jsonb_set(timings, '{queued}', to_jsonb(greatest(0, round(extract(epoch FROM
               coalesce(started_at, longshore_now()) - created_at) * 1000))))
        FROM wanted
       WHERE jobs.id = wanted.id AND jobs.attempt = wanted.attempt AND status = 'queued' AND cancel_requested_at IS NULL
      RETURNING jobs.*
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT id, last_seq, attempt, 'state', jsonb_build_object('status', status, 'node', node, 'attempt', attempt)
        FROM job
    ), turn AS (
      INSERT INTO tenant_use (tenant, turn_at) SELECT tenant, attempt_started_at FROM job
      ON CONFLICT (tenant) DO UPDATE SET turn_at = excluded.turn_at
    )
    SELECT * FROM job`);
  const row = rows[0] ?? null;
  // Else a reader would see the Job running when its sandbox has started, and says something.
  if (row !== null) notifyEvents(sql, row.id);
  return row;
}
