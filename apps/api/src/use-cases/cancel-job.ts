import type { JobRecord } from "@longshore/shared/db/job-record";
import type { Actor, OwnJob } from "@longshore/shared/domain/access";
import { isTerminal, type JobStatus } from "@longshore/shared/domain/job-state";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import type { EventSignals } from "../streaming/event-signals.ts";

export interface CancelJobDeps {
  readonly requestCancel: (jobId: string, by: Actor) => Promise<JobStatus | null>;
  /** A Job was cancelled at once: it waited for a worker. */
  readonly onCancelled: () => void;
  readonly readJob: (own: OwnJob) => Promise<JobRecord | null>;
  readonly signals: EventSignals;
}

export interface CancelledJob {
  readonly status: JobStatus;
  /** True where the Job is, or by this request will be, cancelled. */
  readonly cancelled: boolean;
}

/** Signals can get lost; so often one who waits looks by themself. */
const pollMs = 500;

/** Asks for a Job to be cancelled, and waits up to `waitMs` for its end, which has come when its Sandbox is gone. */
export function createCancelJob({ requestCancel, onCancelled, readJob, signals }: CancelJobDeps) {
  return async (
    jobId: string,
    by: Actor,
    waitMs: number,
    stop: AbortSignal,
  ): Promise<Result<CancelledJob, "job_not_found">> => {
    const own = { tenant: by.tenant, jobId };
    const subscription = signals.subscribe(jobId);
    try {
      let status = await requestCancel(jobId, by);
      if (status === "cancelled") onCancelled();
      let willBeCancelled = status !== null;
      if (status === null) {
        const job = await readJob(own);
        if (job === null) return fail("job_not_found");
        status = job.state.status;
        // It has ended, or its end is settled and this request came too late: unless an earlier one did not.
        willBeCancelled = job.cancelRequestedAt !== null;
      }
      const deadline = Date.now() + waitMs;
      while (!isTerminal(status) && Date.now() < deadline && !stop.aborted) {
        await subscription.next(Math.min(pollMs, deadline - Date.now()), stop);
        const job = await readJob(own);
        // It has ended, and was deleted at once: how it ended is not known any more.
        if (job === null) return fail("job_not_found");
        status = job.state.status;
      }
      return succeed({ status, cancelled: isTerminal(status) ? status === "cancelled" : willBeCancelled });
    } finally {
      subscription.close();
    }
  };
}
