import type { PendingQuery, Row } from "postgres";
import type { SettledEnd } from "../contracts/settled-end.ts";
import { fail, type Result, succeed } from "../domain/result.ts";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { fencedRows } from "./fenced-rows.ts";
import { within } from "./within.ts";

/** The times of a Job's end, by the database's clock. */
export interface SettledTimes {
  readonly finishedAt: Date;
  readonly cancelRequestedAt: Date | null;
}

/** What {@link settleEnd} gives. */
export type Settled = Result<SettledTimes, "lease_lost" | "cancel_requested">;

/** How the Job of an Attempt is to end. */
export interface WantedEnd {
  readonly fence: Fence;
  readonly end: Pick<SettledEnd, "status" | "failure">;
}

/**
 * Settles how the Job will end, before its archive says so: from here a cancel comes too late, and the Job's end has
 * its time, by the database's clock. Fails with `cancel_requested` where a cancel came first (the end is then to be
 * `cancelled`), and with `lease_lost` where the fence does not hold. May be called again with another status, until
 * {@link noteStoredEnd}: one that was given up, and runs late, takes nothing back.
 */
export async function settleEnd(sql: Sql, fence: Fence, end: WantedEnd["end"]): Promise<Settled> {
  const [settled] = await settle(sql, [{ fence, end }], sql``);
  return settled ?? fail("lease_lost");
}

/**
 * The same for several Jobs in one statement; leaves out those whose fence does not hold, or whose row somebody holds. The
 * database has to answer within `boundMs`.
 */
export async function settleEnds(
  sql: Sql,
  ends: readonly WantedEnd[],
  boundMs?: number,
): Promise<readonly (Settled | undefined)[]> {
  return settle(sql, ends, sql`SKIP LOCKED`, boundMs);
}

async function settle(
  sql: Sql,
  ends: readonly WantedEnd[],
  held: PendingQuery<Row[]>,
  boundMs?: number,
): Promise<readonly (Settled | undefined)[]> {
  const settled = ends.map(({ end: { status, failure } }) =>
    JSON.stringify({ status, failure, stored: null } satisfies SettledEnd),
  );
  const statement = sql<(SettledTimes & { place: number; settled: boolean })[]>`
    WITH ${fencedRows(sql, ends, held)}, wanted AS (
      SELECT fenced.*, e.status, e.settled
        FROM fenced JOIN unnest(${ends.map(({ end }) => end.status)}::text[], ${settled}::text[])
             WITH ORDINALITY AS e (status, settled, place) USING (place)
    )
    UPDATE jobs
       SET settled_status = CASE WHEN cancel_requested_at IS NULL OR wanted.status = 'cancelled'
             THEN wanted.status ELSE settled_status END,
           settled = CASE WHEN cancel_requested_at IS NULL OR wanted.status = 'cancelled'
             THEN wanted.settled::jsonb ELSE jobs.settled END
      FROM wanted
     WHERE jobs.id = wanted.id AND (jobs.settled ->> 'stored') IS NULL
    RETURNING place, settled_status IS NOT DISTINCT FROM wanted.status AS settled, longshore_now() AS finished_at,
              cancel_requested_at`;
  const rows = await within(statement, boundMs);
  const answers: (Settled | undefined)[] = ends.map(() => undefined);
  for (const { place, settled, finishedAt, cancelRequestedAt } of rows)
    answers[place - 1] = settled ? succeed({ finishedAt, cancelRequestedAt }) : fail("cancel_requested");
  return answers;
}

/**
 * Notes that the settled end has its archive, where the container is ended before that end is written (decisions/008):
 * whoever takes over from here on writes this very end. Fails with `lease_lost` where the fence does not hold, or something else was settled.
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
