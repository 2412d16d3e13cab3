/**
 * Why an Attempt is stopped from outside. The first one wins: an AbortController keeps it. `shutdown` ends the Sandbox
 * and queues the Job again, `hand_over` leaves it running for another worker.
 */
export type StopReason = "cancelled" | "timeout" | "lease_lost" | "shutdown" | "hand_over";

/** The reason with which the signal of an Attempt was aborted, or null where it was not. */
export function stopReason(signal: AbortSignal): StopReason | null {
  if (!signal.aborted) return null;
  // safety: run-attempt.ts aborts this signal with stop reasons only.
  return signal.reason as StopReason;
}

/** True where the worker stops and somebody else goes on with the Job. */
export function leavesJob(reason: StopReason | null): boolean {
  return reason === "shutdown" || reason === "hand_over";
}
