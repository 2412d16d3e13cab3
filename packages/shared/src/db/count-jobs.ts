import type { FailureCode } from "../domain/failure.ts";
import type { JobStatus } from "../domain/job-state.ts";
import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

export interface JobCounts {
  readonly byStatus: readonly {
    readonly status: JobStatus;
    readonly code: FailureCode | null;
    readonly count: number;
  }[];
  /** Age of the oldest queued Job that is due, in seconds; 0 where there is none. */
  readonly oldestQueuedSeconds: number;
}

/** How many Jobs there are by status and failure code, for /metrics. Reads every row: callers keep it for a while. */
export async function countJobs(sql: Sql): Promise<JobCounts> {
  const byStatus = await within(sql<{ status: JobStatus; code: FailureCode | null; count: number }[]>`
    SELECT status, failure ->> 'code' AS code, count(*) FROM jobs GROUP BY 1, 2`);
  const oldest = await within(sql<{ seconds: number }[]>`
    SELECT coalesce(extract(epoch FROM longshore_now() - min(run_after)), 0)::float8 AS seconds
      FROM jobs WHERE status = 'queued' AND run_after <= longshore_now()`);
  return { byStatus: [...byStatus], oldestQueuedSeconds: oldest[0]?.seconds ?? 0 };
}
