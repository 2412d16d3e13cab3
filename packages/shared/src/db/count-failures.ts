import { type FailureCode, failureCodes } from "../domain/failure.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** Jobs that failed by one code within the last 24 hours. */
export interface FailureCount {
  readonly code: FailureCode;
  /** {@link mostCounted} at most. */
  readonly count: number;
  readonly lastAt: Date;
  readonly lastJobId: string;
  readonly lastTenant: string;
}

/** Of one code no more are counted: in a storm of failures the exact number is of no use, and dear. */
export const mostCounted = 10_000;

/** By code, the most frequent first; of all tenants. */
export async function countFailures(sql: Sql): Promise<readonly FailureCount[]> {
  // The bound of time is worked out once, so that it can be looked for in the index; see expire-jobs.ts.
  return within(sql<FailureCount[]>`
    WITH since AS MATERIALIZED (SELECT longshore_now() - interval '24 hours' AS at)
    SELECT code, counted.count, newest.finished_at AS last_at, newest.id AS last_job_id, newest.tenant AS last_tenant
      FROM unnest(${failureCodes}::text[]) AS code
     CROSS JOIN LATERAL (
       SELECT id, tenant, finished_at FROM jobs
        WHERE status = 'failed' AND failure ->> 'code' = code AND finished_at > (SELECT at FROM since)
        ORDER BY finished_at DESC LIMIT 1) AS newest
     CROSS JOIN LATERAL (
       SELECT count(*)::integer AS count FROM (
         SELECT FROM jobs
          WHERE status = 'failed' AND failure ->> 'code' = code AND finished_at > (SELECT at FROM since)
          LIMIT ${mostCounted}) AS bounded) AS counted
     ORDER BY counted.count DESC, code`);
}
