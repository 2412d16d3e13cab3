import type { JobCounts } from "@longshore/shared/db/count-jobs";
import { isDatabaseAway } from "@longshore/shared/db/database-away";
import type { WorkerReport } from "@longshore/shared/db/worker-report";
import { addWorkerMetrics } from "./add-worker-metrics.ts";
import type { ApiMetrics } from "./api-metrics.ts";

export interface WriteMetricsDeps {
  readonly metrics: ApiMetrics;
  readonly countJobs: () => Promise<JobCounts>;
  readonly listReports: () => Promise<readonly WorkerReport[]>;
}

// What is counted are the unfinished jobs, and the workers' reports are parsed: scrapers that come more often see the
// figures of a moment ago.
const keepMs = 5_000;

/** Everything that is counted here, in the database and by the workers, as Prometheus text. */
export function createWriteMetrics({
  metrics,
  countJobs,
  listReports,
}: WriteMetricsDeps): () => Promise<string> {
  let kept: { readonly at: number; readonly text: Promise<string> } | null = null;
  const fromDatabase = async (): Promise<string> => {
    try {
      const [counts, reports] = await Promise.all([countJobs(), listReports()]);
      metrics.showJobs(counts);
      return await addWorkerMetrics(reports.map((report) => report.metrics));
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      metrics.showJobs(null);
      return "";
    }
  };
  return async () => {
    if (kept === null || Date.now() - kept.at > keepMs) kept = { at: Date.now(), text: fromDatabase() };
    const ofWorkers = await kept.text;
    return `${await metrics.registry.metrics()}${ofWorkers}`;
  };
}
