import { z } from "zod";
import { jobStatuses, pipelineNodes } from "../domain/job-state.ts";
import { jobFailureView } from "./job-failure-view.ts";
import { planView } from "./plan.ts";
import { usage } from "./usage.ts";

const milliseconds = z.number().int().min(0).nullable();

/** How long each phase took; null for a phase that did not happen. All keys are always there. */
export const timingsView = z
  .strictObject({
    queued: milliseconds,
    sandbox_start: milliseconds,
    analyze: milliseconds,
    steps: milliseconds,
    compile: milliseconds,
    archive: milliseconds,
    total: milliseconds,
  })
  .meta({ id: "Timings" });

export type TimingsView = z.output<typeof timingsView>;

export const noTimings: TimingsView = {
  queued: null,
  sandbox_start: null,
  analyze: null,
  steps: null,
  compile: null,
  archive: null,
  total: null,
};

export const sandboxView = z
  .strictObject({ provider: z.string(), runtime: z.string(), warm: z.boolean() })
  .meta({ id: "Sandbox" });

export type SandboxView = z.output<typeof sandboxView>;

export const outputView = z
  .strictObject({
    files: z.number().int().min(0),
    bytes: z.number().int().min(0),
    archive_bytes: z.number().int().min(0),
    sha256: z.string(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "Output" });

const time = z.iso.datetime();

/** The answer of GET /status/{id}. */
export const jobView = z
  .strictObject({
    job_id: z.uuid(),
    status: z.enum(jobStatuses),
    node: z.enum(pipelineNodes).nullable(),
    attempt: z.number().int().min(1),
    prompt: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    created_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
    cancel_requested_at: time.nullable(),
    plan: planView.nullable(),
    failure: jobFailureView.nullable(),
    usage,
    timings_ms: timingsView,
    sandbox: sandboxView.nullable(),
    output: outputView.nullable(),
    download_link: z.string().nullable(),
    logs_link: z.string(),
    events_link: z.string(),
  })
  .meta({ id: "Job" });

export type JobView = z.output<typeof jobView>;

/** A Job in the answer of GET /jobs: its status without plan and usage. */
export const jobSummary = jobView.omit({ plan: true, usage: true }).meta({ id: "JobSummary" });

export type JobSummary = z.output<typeof jobSummary>;

export const jobList = z
  .strictObject({ jobs: z.array(jobSummary), next_cursor: z.string().nullable() })
  .meta({ id: "JobList" });

/** The answer of POST /schedule. */
export const scheduled = z
  .strictObject({
    job_id: z.uuid(),
    status: z.enum(jobStatuses),
    created_at: time,
    status_link: z.string(),
    events_link: z.string(),
    logs_link: z.string(),
    cancel_link: z.string(),
  })
  .meta({ id: "Scheduled" });

/** The answer of POST /jobs/{id}/download-link. */
export const downloadLinkAnswer = z
  .strictObject({ job_id: z.uuid(), download_link: z.string(), expires_at: time })
  .meta({ id: "DownloadLink" });

/** The answer of POST /cancel/{id}. */
export const cancelAnswer = z
  .strictObject({ job_id: z.uuid(), status: z.enum(jobStatuses), cancelled: z.boolean() })
  .meta({ id: "CancelAnswer" });
