import type { Sql } from "../connect-database.ts";
import { within } from "../within.ts";

/** A running Job, its times in seconds by the database's clock. */
export interface RunningJob {
  readonly jobId: string;
  readonly attempt: number;
  readonly runningSeconds: number;
  /** Until the Lease runs out; negative where it has. */
  readonly leaseSeconds: number;
  /** The engine that has its Sandbox; null where that is not known. */
  readonly engineId: string | null;
  /** True once its end is settled: the Sandbox may be gone before the row says so. */
  readonly ending: boolean;
}

/** Running Jobs in the order of their ids, those after `after` ('' for the first), at most `limit`. */
export async function listRunning(sql: Sql, after: string, limit: number): Promise<readonly RunningJob[]> {
  return within(sql<RunningJob[]>`
    SELECT id AS job_id, attempt, engine_id, settled_status IS NOT NULL AS ending,
           extract(epoch FROM longshore_now() - attempt_started_at)::float8 AS running_seconds,
           extract(epoch FROM lease_until - longshore_now())::float8 AS lease_seconds
      FROM jobs WHERE status = 'running' AND (${after} = '' OR id > nullif(${after}, '')::uuid)
     ORDER BY id LIMIT ${limit}`);
}
