import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** Where the adding up of archives has come. */
export interface ArchiveSum {
  readonly bytes: number;
  /** The last Job that was added; null where no more come after it. */
  readonly next: ArchivePosition | null;
}

interface ArchivePosition {
  /** As the database writes it: a Date would lose its microseconds. */
  readonly endedAt: string;
  readonly id: string;
}

// Some milliseconds; nobody waits behind it.
const jobsPerStatement = 20_000;

/** Adds up the archives of the next 20,000 Jobs that have not expired, in the order in which they ended. */
export async function sumArchives(sql: Sql, after: ArchivePosition | null): Promise<ArchiveSum> {
  const { endedAt, id } = after ?? { endedAt: "-infinity", id: "00000000-0000-0000-0000-000000000000" };
  const [row] = await within(sql<
    { bytes: number; read: number; endedAt: string | null; id: string | null }[]
  >`
    WITH page AS MATERIALIZED (
      SELECT finished_at, id, archive_bytes FROM jobs
       WHERE expired_at IS NULL AND finished_at IS NOT NULL
         AND (finished_at, id) > (${endedAt}::text::timestamptz, ${id}::uuid)
       ORDER BY finished_at, id LIMIT ${jobsPerStatement}
    ), last AS (SELECT finished_at, id FROM page ORDER BY finished_at DESC, id DESC LIMIT 1)
    SELECT coalesce(sum(archive_bytes), 0)::bigint AS bytes, count(*)::integer AS read,
           (SELECT finished_at::text FROM last) AS ended_at, (SELECT id FROM last) AS id
      FROM page`);
  if (row === undefined) throw new Error("a sum has no row");
  const last = row.endedAt === null || row.id === null ? null : { endedAt: row.endedAt, id: row.id };
  return { bytes: row.bytes, next: row.read < jobsPerStatement ? null : last };
}
