import type { Sql } from "@longshore/shared/db/connect-database";
import type { Fence } from "@longshore/shared/db/fence";
import type { JobRow } from "@longshore/shared/db/job-record";
import { type LeaseTerms, takeLeasesOf } from "@longshore/shared/db/take-lease";

/**
 * Takes the Lease of a named Attempt, where the service takes the one that is next. Null where it is not there to be
 * taken: taken by another, ended, cancelled, of another number.
 */
export async function takeLease(
  sql: Sql,
  { jobId, attempt, owner }: Omit<Fence, "epoch">,
  terms: LeaseTerms,
): Promise<JobRow | null> {
  const wanted = sql`SELECT ${jobId}::uuid AS id, ${attempt}::integer AS attempt`;
  return (await takeLeasesOf(sql, wanted, owner, terms))[0] ?? null;
}
