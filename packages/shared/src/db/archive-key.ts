import { randomUUID } from "node:crypto";
import type { Sql } from "./connect-database.ts";
import type { Fence } from "./fence.ts";

const tagLength = 8;

/**
 * A name, never used before, for an Archive of this Attempt. It says which installation has made it: several may keep
 * their Archives in one place, if only by mistake, and what is not in the database of one may be in that of another.
 */
export function newArchiveKey(
  installationId: string,
  { jobId, attempt }: Pick<Fence, "jobId" | "attempt">,
): string {
  const [tag, unique] = [installationId, randomUUID()].map((id) => id.slice(0, tagLength));
  return `${jobId}-a${String(attempt)}-${String(tag)}-${String(unique)}.zip`;
}

/** What a `key` says, as SQL: `made.job_id`, `attempt` and `installation`, each null where it does not say so. */
export const keyParts = (sql: Sql) => sql`
  LATERAL (
    SELECT substring(key FROM '^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-a')::uuid AS job_id,
           substring(key FROM '^[0-9a-f-]{36}-a([1-9][0-9]{0,8})-')::integer AS attempt,
           substring(key FROM '^[0-9a-f-]{36}-a[1-9][0-9]{0,8}-([0-9a-f]{8})-[0-9a-f]{8}[.]zip$') AS installation
  ) AS made`;

/** True, as SQL over {@link keyParts}, of the key of an Attempt that is not known here, unless this installation has made it. */
export const isForeignKey = (sql: Sql) => sql`(
  made.job_id IS NOT NULL
  AND made.installation IS DISTINCT FROM (SELECT left(id::text, ${tagLength}::integer) FROM installation)
  AND NOT EXISTS (SELECT FROM jobs WHERE id = made.job_id))`;
