import type { Job } from "@longshore/client";

type Ended = Pick<Job, "status" | "failure" | "started_at" | "output" | "download_link" | "finished_at">;

export interface Telling {
  readonly title: string;
  /** What it means, and what can be done. */
  readonly advice: string;
}

/** How a job ended, for people; null where it has not, or where there is nothing to explain. */
export function howItEnded(job: Ended): Telling | null {
  if (job.status === "cancelled")
    return job.started_at === null
      ? { title: "Cancelled in the queue", advice: "It never ran: there is no output, and no archive." }
      : { title: "Cancelled while it ran", advice: "What it had made by then is in its outputs." };
  if (job.status !== "failed" || job.failure === null) return null;
  return {
    title: job.failure.message,
    advice: `${adviceByCode[job.failure.code]} ${triedAgain(job.failure.retryable)}`.trim(),
  };
}

const triedAgain = (retryable: boolean) =>
  retryable ? "This was not the job's doing: it was tried as often as it may be." : "";

const adviceByCode: Readonly<Record<NonNullable<Job["failure"]>["code"], string>> = {
  model_unconfigured: "Give the service a model, or write the steps yourself: edit the job and run it.",
  model_unavailable: "Run it again when the model's service answers; the calls below say what each one met.",
  analysis_failed: "Say more exactly what is to be done, or write the steps yourself.",
  budget_exceeded: "Give the job more tokens, or ask for less.",
  step_failed: "Look at what the step printed last; edit the job and run it.",
  timeout: "Give the job more time, or less to do.",
  out_of_memory: "Give the job more memory, or have it hold less at once.",
  disk_full: "Give the job more disk, or have it remove what it needs no more.",
  output_too_large:
    "Have the job remove what nobody needs of it, pack many files into one, or permit more output.",
  sandbox_start_failed: "Look at the service's parts on the page System: its container engine may be unwell.",
  sandbox_lost: "Look at the service's parts on the page System: its container engine may be unwell.",
  secrets_unavailable:
    "Tell the operator: the key that seals secrets is not the one that they were sealed with.",
  worker_lost: "Run it again: a worker went away under it.",
  internal: "Tell the operator: the service's log has more of it.",
};
