/** Why an Attempt is stopped from outside. The first one wins: an AbortController keeps it. */
export type StopReason = "cancelled" | "timeout" | "lease_lost" | "shutdown";

/** The reason with which the signal of an Attempt was aborted, or null where it was not. */
export function stopReason(signal: AbortSignal): StopReason | null {
  if (!signal.aborted) return null;
  // safety: run-attempt.ts aborts this signal with stop reasons only.
  return signal.reason as StopReason;
}
