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
 * Takes the Lease of the Attempt that is next, and makes its Job running; null only where none is due. Waits for a row that
 * somebody holds where there is no other.
 */
export async function takeNextLease(sql: Sql, owner: string, terms: LeaseTerms): Promise<JobRow | null> {
  const [free] = await takeFreeLeases(sql, owner, terms, 1);
  if (free !== undefined) return free;
  // A row may be held for another reason than that its Lease is taken, such as the note that its Message is in the queue: a
  // Message that was taken in vain is missed only after a while.
  const [held] = await takeLeasesOf(sql, dueLongest(sql, 1, sql``), owner, terms);
  return held ?? null;
}

/**
 * Takes the Leases of the Attempts that are next, at most `most`, and makes their Jobs running; of those that nobody holds
 * just now, and so waits for nobody. Each is of the tenant of which the fewest run, among equals of the one that had its turn longest ago, and
 * of that tenant what has been due for longest: as if they were taken one after the other. So the order in which Jobs run
 * is decided here, and not by the queue; what it costs grows with the tenants that wait, not with their Jobs.
 */
export async function takeFreeLeases(
  sql: Sql,
  owner: string,
  terms: LeaseTerms,
  most: number,
): Promise<readonly JobRow[]> {
  // What another is just taking is left to that one, and the tenant that is next looked for once more. Then it is whatever
  // is due.
  const inTurn = ofTenantsInTurn(sql, most);
  for (const next of [inTurn, inTurn, dueLongest(sql, most, sql`SKIP LOCKED`)]) {
    const rows = await takeLeasesOf(sql, next, owner, terms);
    if (rows.length > 0) return rows;
  }
  return [];
}

const dueLongest = (sql: Sql, most: number, held: PendingQuery<Row[]>) => sql`
  SELECT id, attempt FROM jobs WHERE status = 'queued' AND run_after <= (SELECT longshore_now())
   ORDER BY run_after, id LIMIT ${most}::integer FOR UPDATE ${held}`;

// How many each tenant gets: its n-th is taken when as many of it run as do now, and n - 1 more; among equals those come
// first that have had fewer. Bounds instead of `tenant =`: then no index will do but the one that begins with the tenant,
// whatever is known of the table, and no other tenant's rows are passed over.
const ofTenantsInTurn = (sql: Sql, most: number) => sql`
  WITH RECURSIVE waiting AS (
    (SELECT tenant FROM jobs WHERE status = 'queued' ORDER BY tenant, run_after LIMIT 1)
    UNION ALL
    SELECT (SELECT tenant FROM jobs WHERE status = 'queued' AND tenant > waiting.tenant ORDER BY tenant, run_after LIMIT 1)
      FROM waiting WHERE waiting.tenant IS NOT NULL
  ), known AS MATERIALIZED (
    SELECT tenant, (SELECT turn_at FROM tenant_turns WHERE tenant_turns.tenant = waiting.tenant) AS turn_at,
           (SELECT count(*) FROM jobs WHERE status = 'running' AND jobs.tenant = waiting.tenant) AS running
      FROM waiting
  ), share AS MATERIALIZED (
    SELECT tenant, count(*) AS places FROM (
      SELECT known.tenant
        FROM known CROSS JOIN LATERAL (
          SELECT row_number() OVER () AS place, first_value(run_after) OVER () AS first_due FROM (
            SELECT run_after FROM jobs
             WHERE status = 'queued' AND tenant >= known.tenant AND tenant <= known.tenant
               AND run_after <= (SELECT longshore_now())
             ORDER BY tenant, run_after, id LIMIT ${most}::integer) AS due) AS due
       ORDER BY running + place, place, turn_at NULLS FIRST, first_due
       LIMIT ${most}::integer) AS turns
     GROUP BY tenant
  )
  SELECT next.id, next.attempt
    FROM share CROSS JOIN LATERAL (
      SELECT id, attempt FROM jobs
       WHERE status = 'queued' AND tenant >= share.tenant AND tenant <= share.tenant
         AND run_after <= (SELECT longshore_now())
       ORDER BY tenant, run_after, id LIMIT share.places FOR UPDATE SKIP LOCKED) AS next`;

/**
 * Takes the Leases of the queued Attempts that `wanted` selects (`id`, `attempt`), and makes their Jobs running. Gives
 * those that were there to be taken: not taken by another, ended, cancelled, of another number.
 */
export async function takeLeasesOf(
  sql: Sql,
  wanted: PendingQuery<Row[]>,
  owner: string,
  { leaseSeconds, engineId }: LeaseTerms,
): Promise<readonly JobRow[]> {
  // By ANY: as a join, it may look at every Job that is queued. A turn that is held is being noted by another, who notes
  // the same but for a moment: it is not waited for, as the Leases of all others would wait, too.
  const rows = await within(sql<JobRow[]>`
    WITH wanted AS MATERIALIZED (${wanted}), job AS (
      UPDATE jobs
         SET status = 'running', lease_owner = ${owner}::uuid,
             lease_until = longshore_now() + make_interval(secs => ${leaseSeconds}),
             started_at = coalesce(started_at, longshore_now()), attempt_started_at = longshore_now(),
             agent_seq = 0, lease_epoch = 0, engine_id = ${engineId}, resume = NULL, last_seq = last_seq + 1,
             timings = jsonb_set(timings, '{queued}', to_jsonb(greatest(0, round(extract(epoch FROM
               coalesce(started_at, longshore_now()) - created_at) * 1000))))
       WHERE id = ANY (ARRAY(SELECT id FROM wanted)) AND (id, attempt) IN (SELECT id, attempt FROM wanted)
         AND status = 'queued' AND cancel_requested_at IS NULL
      RETURNING jobs.*
    ), event AS (
      INSERT INTO job_events (job_id, seq, attempt, type, body)
      SELECT id, last_seq, attempt, 'state', jsonb_build_object('status', status, 'node', node, 'attempt', attempt)
        FROM job
    ), turn AS MATERIALIZED (
      SELECT tenant, max(attempt_started_at) AS at FROM job GROUP BY tenant
    ), free AS MATERIALIZED (
      SELECT tenant FROM tenant_turns WHERE tenant = ANY (ARRAY(SELECT tenant FROM turn)) FOR UPDATE SKIP LOCKED
    ), noted AS (
      UPDATE tenant_turns SET turn_at = turn.at FROM turn
       WHERE tenant_turns.tenant = turn.tenant AND tenant_turns.tenant = ANY (ARRAY(SELECT tenant FROM free))
    ), begun AS (
      INSERT INTO tenant_turns (tenant, turn_at)
      SELECT tenant, at FROM turn WHERE NOT EXISTS (SELECT FROM tenant_turns WHERE tenant_turns.tenant = turn.tenant)
       ORDER BY tenant
      ON CONFLICT (tenant) DO NOTHING
    )
    SELECT * FROM job`);
  // Else a reader would see the Job running when its sandbox has started, and says something.
  for (const { id } of rows) notifyEvents(sql, id);
  return rows;
}
