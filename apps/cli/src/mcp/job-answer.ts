import type { ArchiveEntry, Job } from "@longshore/client";
import { z } from "zod";
import { showBytes } from "../terminal/show-amounts.ts";
import type { LogTail } from "./log-tail.ts";
import { countOthers, mostEntries } from "./output-files.ts";
import { plain } from "./plain.ts";
import type { ToolResult } from "./tool-context.ts";

/** What tools say of a job. */
export const jobAnswer = {
  job_id: z.string(),
  status: z.enum(["queued", "running", "succeeded", "failed", "cancelled"]),
  ended: z.boolean(),
  failure: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
  steps: z.array(
    z.object({ index: z.number(), kind: z.string(), status: z.string(), exit_code: z.number().nullable() }),
  ),
  output_files: z.array(z.object({ path: z.string(), bytes: z.number() })),
  output_files_in_all: z.number().describe(`${String(mostEntries)} stands for so many or more.`),
};

/** Of the files, that are named; the rest is counted. */
const mostFiles = 100;

/** A job as an assistant reads it: for its eyes, and structured. */
export function answerJob(job: Job, files: readonly ArchiveEntry[], tail: LogTail | null): ToolResult {
  const ended = job.finished_at !== null;
  const { job_id, status, failure } = job;
  const shown = files.slice(0, mostFiles).map(({ path, bytes }) => ({ path, bytes }));
  const steps = (job.plan?.steps ?? []).map((step) => ({
    ...{ index: step.index, kind: step.kind, status: step.status, exit_code: step.exit_code },
  }));
  const structuredContent = {
    ...{ job_id, status, ended, steps, output_files: shown, output_files_in_all: files.length },
    failure:
      failure === null
        ? null
        : { code: failure.code, message: plain(failure.message), retryable: failure.retryable },
  };
  const lines = [
    `Job ${job_id}: ${status}${failure === null ? "" : ` (${failure.code}: ${plain(failure.message)})`}`,
    ...steps.map(
      ({ index, kind, status: how, exit_code }) =>
        `step ${String(index)} ${kind}: ${how}${exit_code === null ? "" : `, exit code ${String(exit_code)}`}`,
    ),
    ...(ended ? [] : ["It goes on. Ask job_status with wait_seconds for its end, or job_logs."]),
    ...(files.length === 0 ? [] : [`Output files (read them with job_outputs): ${fileList(files)}`]),
    ...(tail === null ? [] : logLines(tail)),
  ];
  return { content: [{ type: "text", text: lines.join("\n") }], structuredContent };
}

function logLines(tail: LogTail): readonly string[] {
  const text = tail.text();
  if (text === "") return ["It printed nothing."];
  const left = tail.left() === 0 ? "" : ` (${String(tail.left())} lines before: job_logs has them)`;
  return [`What it printed${left}:`, text];
}

function fileList(files: readonly ArchiveEntry[]): string {
  const named = files.slice(0, mostFiles).map(({ path, bytes }) => `${plain(path)} (${showBytes(bytes)})`);
  return `${named.join(", ")}${files.length > mostFiles ? `, and ${countOthers(files, mostFiles)}` : ""}`;
}
