import type { Job } from "@longshore/client";

/** Why there is nothing to show of what a job made, and what can be done; null where there may be something. */
export function whyNoOutputs(
  job: Pick<Job, "status" | "started_at" | "finished_at" | "output" | "download_link">,
): string | null {
  if (job.finished_at === null)
    return job.status === "queued"
      ? "The job waits in the queue. What it makes is here when it has ended."
      : "The job is running. What it makes is here when it has ended.";
  if (job.output !== null) return null;
  if (job.download_link !== null)
    return "The job's retention is over: what it made was removed, and what was asked of it is told no more.";
  if (job.started_at !== null) return "The job ended before it had made anything that could be kept.";
  return job.status === "cancelled"
    ? "The job was cancelled in the queue: it never ran, and made nothing."
    : "The job never ran, and made nothing: its failure says why.";
}
