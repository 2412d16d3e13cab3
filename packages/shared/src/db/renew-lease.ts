import type { PendingQuery, Row } from "postgres";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";
import { fencedRows } from "./fenced-rows.ts";
import { within } from "./within.ts";

/** When a cancel was asked for, if it was; null where the Lease is lost. */
export type Renewed = { readonly cancelRequestedAt: Date | null } | null;

/** For how long a Lease is to last, and within how many ms the database has to answer. */
export interface RenewalTerms {
  readonly leaseSeconds: number;
  readonly boundMs: number;
}

/**
 * Makes the Lease last `leaseSeconds` from now, by the database's clock. Gives null where it is lost (another owner,
 * or the Job is over), else when a cancel was asked for, if it was.
 */
export async function renewLease(
  sql: Sql,
  fence: Fence,
  leaseSeconds: number,
  boundMs: number,
): Promise<Renewed> {
  const [renewed] = await renew(sql, [{ fence }], { leaseSeconds, boundMs }, sql``);
  return renewed ?? null;
}

/** The same for several Leases in one statement; leaves out those that are lost, or whose row somebody holds. */
export async function renewLeases(
  sql: Sql,
  fences: readonly Fence[],
  terms: RenewalTerms,
): Promise<readonly (Renewed | undefined)[]> {
  const writes = fences.map((fence) => ({ fence }));
  return renew(sql, writes, terms, sql`SKIP LOCKED`);
}

async function renew(
  sql: Sql,
  writes: readonly { readonly fence: Fence }[],
  { leaseSeconds, boundMs }: RenewalTerms,
  held: PendingQuery<Row[]>,
): Promise<readonly (Renewed | undefined)[]> {
  const rows = await within(
    sql<{ place: number; cancelRequestedAt: Date | null }[]>`
      WITH ${fencedRows(sql, writes, held)}
      UPDATE jobs SET lease_until = longshore_now() + make_interval(secs => ${leaseSeconds})
        FROM fenced WHERE jobs.id = fenced.id
      RETURNING place, cancel_requested_at`,
    boundMs,
  );
  const answers: (Renewed | undefined)[] = writes.map(() => undefined);
  for (const { place, cancelRequestedAt } of rows) answers[place - 1] = { cancelRequestedAt };
  return answers;
}
