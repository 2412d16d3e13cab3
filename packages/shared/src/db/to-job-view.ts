import { downloadLink, eventsLink, logsLink } from "../contracts/links.ts";
import { toFailureView } from "../contracts/job-failure-view.ts";
import { type JobSummary, jobSummary, type JobView, jobView } from "../contracts/job-view.ts";
import type { JobRecord } from "./job-record.ts";

/** A Job as GET /status shows it. Parsed, because jsonb gives its keys back in an order of its own. */
export function toJobView(job: JobRecord): JobView {
  return jobView.parse({ ...summarise(job), plan: job.plan?.view ?? null, usage: job.usage });
}

/** A Job as GET /jobs shows it: without plan and usage. */
export function toJobSummary(job: JobRecord): JobSummary {
  return jobSummary.parse(summarise(job));
}

function summarise(job: JobRecord): JobSummary {
  const { state } = job;
  const finishedAt = "finishedAt" in state ? state.finishedAt : null;
  const archive = "archive" in state ? state.archive : null;
  return {
    job_id: job.id,
    status: state.status,
    node: state.status === "running" ? state.node : null,
    attempt: job.attempt,
    prompt: job.prompt,
    metadata: job.metadata,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: finishedAt?.toISOString() ?? null,
    cancel_requested_at: job.cancelRequestedAt?.toISOString() ?? null,
    failure: state.status === "failed" ? toFailureView(state.failure) : null,
    timings_ms: job.timings,
    sandbox: job.sandbox,
    output: toOutput(job),
    download_link: archive === null ? null : downloadLink(job.id),
    logs_link: logsLink(job.id),
    events_link: eventsLink(job.id),
  };
}

function toOutput({ state }: JobRecord): JobSummary["output"] {
  if (!("archive" in state) || state.archive === null || state.expiredAt !== null) return null;
  return {
    files: state.archive.outputFiles,
    bytes: state.archive.outputBytes,
    archive_bytes: state.archive.bytes,
    sha256: state.archive.sha256,
    expires_at: state.expiresAt.toISOString(),
  };
}
