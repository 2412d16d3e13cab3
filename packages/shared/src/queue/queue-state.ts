import type { Logger } from "../runtime/logger.ts";
import { type QueueAway, toQueueAway } from "./queue-away.ts";

/** `connecting` only until the first answer, good or bad. */
export type QueueStateName = "connecting" | "ok" | "away";

/** How the connection to the queue is. Each change, and nothing else, is logged. */
export interface QueueState {
  onReady(): void;
  onAway(error: unknown): void;
  now(): QueueStateName;
  /** Why it is away; null where it is not. */
  fault(): QueueAway | null;
  /** Nothing is told any more: the connection is about to be closed. */
  end(): void;
  /** Resolves once it is no longer `connecting`. */
  whenKnown(): Promise<void>;
}

/** A new state, `connecting`. */
export function createQueueState(logger: Logger): QueueState {
  let name: QueueStateName = "connecting";
  let fault: QueueAway | null = null;
  let ended = false;
  const { promise: known, resolve: becomeKnown } = Promise.withResolvers<void>();
  return {
    onReady: () => {
      if (ended) return;
      if (name === "away") logger.info("the queue is back");
      name = "ok";
      fault = null;
      becomeKnown();
    },
    onAway: (error) => {
      if (ended) return;
      const away = toQueueAway(error);
      if (fault === null) logger.warn({ err: away }, "the queue is away");
      // A refused password is told once, and then only that the connection was closed.
      if (fault === null || !away.isLostConnection) fault = away;
      name = "away";
      becomeKnown();
    },
    end: () => {
      ended = true;
      becomeKnown();
    },
    now: () => name,
    fault: () => fault,
    whenKnown: () => known,
  };
}
