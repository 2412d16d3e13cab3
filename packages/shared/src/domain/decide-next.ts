import { isRetryable, type JobFailure } from "./failure.ts";

/** How an Attempt ended. `handed_over` means that its worker stopped and lost nothing by it. */
export type AttemptOutcome =
  | { readonly type: "succeeded" }
  | { readonly type: "cancelled" }
  | { readonly type: "failed"; readonly failure: JobFailure }
  | { readonly type: "handed_over" };

/** What is to become of the Job. `delayMs` is the pause before the new Attempt may start. */
export type NextMove =
  | { readonly move: "end"; readonly status: "succeeded" }
  | { readonly move: "end"; readonly status: "cancelled" }
  | { readonly move: "end"; readonly status: "failed"; readonly failure: JobFailure }
  | { readonly move: "new_attempt"; readonly delayMs: number; readonly countsAsFailed: boolean };

export interface JobHistory {
  /** Attempts that failed for the infrastructure's sake, before this one. */
  readonly failedAttempts: number;
  readonly maxAttempts: number;
  readonly cancelRequested: boolean;
}

const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

/** The one rule for whether and when a Job is tried again. The queue itself never retries. */
export function decideNext(job: JobHistory, outcome: AttemptOutcome): NextMove {
  if (outcome.type === "succeeded") return { move: "end", status: "succeeded" };
  // A cancel that came first wins over a failure; nothing is tried again for somebody who gave up.
  if (outcome.type === "cancelled" || (job.cancelRequested && mayBeTriedAgain(outcome))) {
    return { move: "end", status: "cancelled" };
  }
  if (outcome.type === "handed_over") return { move: "new_attempt", delayMs: 0, countsAsFailed: false };
  if (isRetryable(outcome.failure.code) && job.failedAttempts + 1 < job.maxAttempts) {
    return { move: "new_attempt", delayMs: backoffMs(job.failedAttempts), countsAsFailed: true };
  }
  return { move: "end", status: "failed", failure: outcome.failure };
}

function mayBeTriedAgain(outcome: AttemptOutcome): boolean {
  return outcome.type === "handed_over" || (outcome.type === "failed" && isRetryable(outcome.failure.code));
}

/** Doubles from one second to a minute. `failedBefore` counts from 0. */
export function backoffMs(failedBefore: number): number {
  return Math.min(firstDelayMs * 2 ** Math.min(failedBefore, 16), longestDelayMs);
}
