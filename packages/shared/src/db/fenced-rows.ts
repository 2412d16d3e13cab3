import type { PendingQuery, Row } from "postgres";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";

/**
 * The part of a WITH that is called `fenced` (`id`, `place`): the Jobs of those whose fence holds, counted from 1, locked
 * until the statement's end. `held` says what to do about one that somebody else holds.
 */
export function fencedRows(
  sql: Sql,
  writes: readonly { readonly fence: Fence }[],
  held: PendingQuery<Row[]>,
): PendingQuery<Row[]> {
  const fences = writes.map(({ fence }) => fence);
  return sql`fenced AS MATERIALIZED (
      SELECT jobs.id, f.place
        FROM unnest(${fences.map(({ jobId }) => jobId)}::uuid[], ${fences.map(({ attempt }) => attempt)}::integer[],
                    ${fences.map(({ owner }) => owner)}::uuid[], ${fences.map(({ epoch }) => epoch)}::integer[])
             WITH ORDINALITY AS f (id, attempt, owner, epoch, place)
        JOIN jobs ON jobs.id = f.id AND jobs.attempt = f.attempt AND lease_owner = f.owner AND lease_epoch = f.epoch
             AND status = 'running'
         FOR NO KEY UPDATE OF jobs ${held})`;
}
