import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";
import type { WorkerReport } from "./worker-report.ts";
import type { WorkerIdentity } from "./worker-reports.ts";

/** A worker, and what it said last. */
export interface KnownWorker extends WorkerIdentity {
  readonly startedAt: Date;
  readonly seenAt: Date;
  /** True where it was heard of within the time that was asked for. */
  readonly live: boolean;
  readonly report: Omit<WorkerReport, "metrics">;
}

/** Workers that have a row (one that died, for a day): those heard of last first, at most `limit`. */
export async function listKnownWorkers(
  sql: Sql,
  silenceSeconds: number,
  limit: number,
): Promise<readonly KnownWorker[]> {
  return within(sql<KnownWorker[]>`
    SELECT id, name, version, started_at, seen_at, report - 'metrics' AS report,
           seen_at > longshore_now() - make_interval(secs => ${silenceSeconds}) AS live
      FROM workers ORDER BY seen_at DESC LIMIT ${limit}`);
}
