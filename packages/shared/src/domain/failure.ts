import { toStorableText } from "./log-line.ts";

/** What a failed Attempt means for its Job: over, or to be tried in a fresh Sandbox. */
export type QueueOutcome = "end" | "new_attempt";

/** Every reason for which an Attempt can fail. A new code asks, by its type, for a line in each map over it. */
export const queueOutcomes = {
  model_unconfigured: "end",
  model_unavailable: "new_attempt",
  analysis_failed: "end",
  budget_exceeded: "end",
  step_failed: "end",
  timeout: "end",
  out_of_memory: "end",
  disk_full: "end",
  output_too_large: "end",
  sandbox_start_failed: "new_attempt",
  sandbox_lost: "new_attempt",
  worker_lost: "new_attempt",
  secrets_unavailable: "new_attempt",
  internal: "new_attempt",
} as const satisfies Record<string, QueueOutcome>;

export type FailureCode = keyof typeof queueOutcomes;

// safety: Object.keys of an object literal with known keys gives exactly those keys.
export const failureCodes = Object.keys(queueOutcomes) as [FailureCode, ...FailureCode[]];

/** Why a Job failed. `step` is the 1-based index of the Step that failed, null where it was none. */
export interface JobFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly step: number | null;
}

const longestMessage = 2_000;

/** The failure with a message that can be stored and shown: parts of it come from models and from Sandboxes. */
export function toStorableFailure({ code, message, step }: JobFailure): JobFailure {
  return { code, message: toStorableText(message.slice(0, longestMessage)), step };
}

/** True where the infrastructure failed and not the Job, so that a fresh Sandbox may help. */
export function isRetryable(code: FailureCode): boolean {
  return queueOutcomes[code] === "new_attempt";
}
