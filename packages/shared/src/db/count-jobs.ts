import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

export interface JobCounts {
  readonly queued: number;
  readonly running: number;
  /** Age of the oldest queued Job that is due, in seconds; 0 where there is none. */
  readonly oldestQueuedSeconds: number;
}

/** How many Jobs have not ended, for /metrics. Those that have, which are kept for ever, are not even looked at. */
export async function countJobs(sql: Sql): Promise<JobCounts> {
  const rows = await within(sql<JobCounts[]>`
    SELECT (SELECT count(*) FROM jobs WHERE status = 'queued') AS queued,
           (SELECT count(*) FROM jobs WHERE status = 'running') AS running,
           (SELECT coalesce(extract(epoch FROM longshore_now() - min(run_after)), 0)::float8
              FROM jobs WHERE status = 'queued' AND run_after <= (SELECT longshore_now())) AS oldest_queued_seconds`);
  return rows[0] ?? { queued: 0, running: 0, oldestQueuedSeconds: 0 };
}
