import type { DiskState } from "@longshore/shared/blob/create-disk-guard";
import type { SystemView, WorkerView } from "@longshore/shared/contracts/system-view";
import type { FailureCount } from "@longshore/shared/db/count-failures";
import type { JobCounts } from "@longshore/shared/db/count-jobs";
import type { KnownWorker } from "@longshore/shared/db/list-known-workers";
import { type Caller, isOperator } from "@longshore/shared/domain/access";
import { checkReadiness, type CheckReadinessDeps } from "./check-readiness.ts";

export interface DescribeSystemDeps extends CheckReadinessDeps {
  readonly listKnownWorkers: () => Promise<readonly KnownWorker[]>;
  readonly countJobs: () => Promise<JobCounts>;
  readonly countFailures: () => Promise<readonly FailureCount[]>;
  readonly checkDisk: () => Promise<DiskState>;
  /** Bytes of all archives; null where that is not known yet. */
  readonly addUpArchives: () => Promise<number | null>;
}

/** How the whole service is. Rejects with the database's error where that is away. */
export function createDescribeSystem(deps: DescribeSystemDeps) {
  return async (caller: Caller): Promise<SystemView> => {
    const [{ components }, workers, jobs, failures, disk, archivesBytes] = await Promise.all([
      checkReadiness(deps),
      deps.listKnownWorkers(),
      deps.countJobs(),
      deps.countFailures(),
      deps.checkDisk(),
      deps.addUpArchives(),
    ]);
    return {
      workers: workers.map(toWorkerView),
      queue: {
        state: components.queue.state,
        waiting: jobs.queued,
        oldest_waiting_ms:
          jobs.queued === 0 ? null : Math.max(0, Math.round(jobs.oldestQueuedSeconds * 1_000)),
        running: jobs.running,
      },
      components,
      disk: {
        free_bytes: disk.freeBytes,
        archives_bytes: archivesBytes,
        state: disk.component.state,
      },
      failures: failures.map(({ code, count, lastAt, lastJobId, lastTenant }) => ({
        ...{ code, count, last_at: lastAt.toISOString() },
        // To an admin of one tenant there are no Jobs of another.
        last_job_id: isOperator(caller) || lastTenant === caller.tenant ? lastJobId : null,
      })),
    };
  };
}

function toWorkerView({ id, name, version, startedAt, seenAt, live, report }: KnownWorker): WorkerView {
  const { concurrency, running, engine, warm = null, providers = [], taking = true } = report;
  return {
    ...{ id, name, version },
    state: live ? (taking ? "taking" : "stopping") : "silent",
    started_at: startedAt.toISOString(),
    seen_at: seenAt.toISOString(),
    ...{ concurrency, running, warm, engine },
    providers: [...providers],
  };
}
