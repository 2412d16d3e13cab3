import { toFailureView } from "@longshore/shared/contracts/job-failure-view";
import type { JobView } from "@longshore/shared/contracts/job-view";
import { downloadLink, eventsLink, logsLink } from "@longshore/shared/contracts/links";
import type { TimingsView } from "@longshore/shared/contracts/job-view";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import type { OpenAttempt } from "./open-attempt.ts";
import type { TakenOutputs } from "./store-archive.ts";

/** How a Job ends, once it is settled in the database. */
export interface FinalEnd {
  readonly status: TerminalStatus;
  readonly failure: JobFailure | null;
  readonly finishedAt: Date;
  readonly cancelRequestedAt: Date | null;
  readonly timings: TimingsView;
}

type FinalView = Omit<JobView, "output"> & {
  readonly output: { readonly files: number; readonly bytes: number };
};

/** The status that the Job will have, for result.json: without what only the finished archive knows of itself. */
export function finalView(attempt: OpenAttempt, end: FinalEnd, taken: TakenOutputs): FinalView {
  const { row, recorder, tracker } = attempt;
  return {
    job_id: row.id,
    status: end.status,
    node: null,
    attempt: row.attempt,
    prompt: row.prompt,
    metadata: row.metadata,
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: end.finishedAt.toISOString(),
    cancel_requested_at: end.cancelRequestedAt?.toISOString() ?? null,
    plan: tracker.closed()?.view ?? null,
    failure: end.failure === null ? null : toFailureView(end.failure),
    usage: recorder.usage(),
    timings_ms: end.timings,
    sandbox: recorder.sandboxView(),
    output: { files: taken.files, bytes: taken.bytes },
    download_link: downloadLink(row.id),
    logs_link: logsLink(row.id),
    events_link: eventsLink(row.id),
  };
}
