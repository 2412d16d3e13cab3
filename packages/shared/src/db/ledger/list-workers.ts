import type { Sql } from "../connect-database.ts";
import type { WorkerReport } from "../worker-report.ts";
import { within } from "../within.ts";

/** A worker's row. */
export interface WorkerRow {
  readonly id: string;
  readonly name: string;
  /** Seconds since it last reported. */
  readonly silentSeconds: number;
  /** Jobs whose Lease is its own. */
  readonly leases: number;
  readonly report: Pick<WorkerReport, "running" | "concurrency" | "taking">;
}

/** The rows of workers, the most silent first, at most `limit`. */
export async function listWorkers(sql: Sql, limit: number): Promise<readonly WorkerRow[]> {
  return within(sql<WorkerRow[]>`
    SELECT id, name, extract(epoch FROM longshore_now() - seen_at)::float8 AS silent_seconds, report - 'metrics' AS report,
           (SELECT count(*) FROM jobs WHERE status = 'running' AND lease_owner = workers.id) AS leases
      FROM workers ORDER BY seen_at LIMIT ${limit}`);
}

/** Removes the row of a worker that has said nothing for so long. One that lives says who it is with its next report. */
export async function removeSilentWorker(sql: Sql, id: string, silentSeconds: number): Promise<void> {
  await within(sql`
    DELETE FROM workers
     WHERE id = ${id}::uuid AND seen_at < longshore_now() - make_interval(secs => ${silentSeconds}::float8)`);
}
