import type { Logger } from "@longshore/shared/runtime/logger";
import { type StopReason, stopReason } from "./stop-reason.ts";

/** What stops an Attempt, and what is known of its cancel. */
export interface StopSwitch {
  /** Aborts for the first {@link StopReason}. */
  readonly signal: AbortSignal;
  /** Aborts when the Lease is lost. */
  readonly fenced: AbortSignal;
  stop(reason: StopReason, at?: Date): void;
  cancelRequested(): boolean;
  /** When a cancel was asked for: null where that is not known, undefined where none was. */
  cancelTime(): Date | null | undefined;
}

/** A switch for an Attempt whose cancel was asked for at `cancelAt`, if it was. */
export function createStopSwitch(cancelAt: Date | null, logger: Logger): StopSwitch {
  const stopping = new AbortController();
  const losing = new AbortController();
  let cancelled = cancelAt !== null;
  let time = cancelAt;
  return {
    signal: stopping.signal,
    fenced: losing.signal,
    stop: (reason, at) => {
      if (reason === "cancelled") cancelled = true;
      time ??= at ?? null;
      if (reason === "lease_lost") losing.abort();
      if (stopReason(stopping.signal) === null) logger.info({ reason }, "the attempt is stopped");
      stopping.abort(reason);
    },
    cancelRequested: () => cancelled,
    cancelTime: () => (cancelled ? time : undefined),
  };
}
