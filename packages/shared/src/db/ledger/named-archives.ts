import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** An Archive that a Job names, and that can be downloaded. */
export interface NamedArchive {
  readonly jobId: string;
  readonly key: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The Archives that Jobs name, in the order of the Jobs' ids, those after `after` ('' for the first), at most `limit`. */
export async function listNamedArchives(
  sql: Sql,
  after: string,
  limit: number,
): Promise<readonly NamedArchive[]> {
  return within(sql<NamedArchive[]>`
    SELECT id AS job_id, archive_key AS key, archive_bytes AS bytes, archive_sha256 AS sha256 FROM jobs
     WHERE archive_key IS NOT NULL AND expired_at IS NULL AND (${after} = '' OR id > nullif(${after}, '')::uuid)
     ORDER BY id LIMIT ${limit}`);
}

/**
 * Expires a Job whose Archive is lost, so that a download is told that it is no more. As retention does: its Events go
 * too. False where it has expired, or is gone, already.
 */
export async function expireLostArchive(sql: Sql, { jobId, key }: NamedArchive): Promise<boolean> {
  const rows = await within(sql`
    WITH expired AS (
      UPDATE jobs SET expired_at = longshore_now()
       WHERE id = ${jobId}::uuid AND archive_key = ${key} AND expired_at IS NULL
      RETURNING id, last_seq
    ), noted AS (
      INSERT INTO removals (job_id, archive_key, events_left) SELECT id, NULL, last_seq FROM expired
    )
    SELECT FROM expired`);
  return rows.length > 0;
}
