import type { Logger } from "@longshore/shared/runtime/logger";
import type { KnownTrouble } from "../known-trouble.ts";

export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  /** One round; safe to run in several workers at once. `signal` aborts when the worker stops. */
  run(signal: AbortSignal): Promise<void>;
}

export interface SweepLoop {
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

/**
 * Runs a sweep again and again, one round at a time, the first one at once. One log line per change between well and ill,
 * except for an error that `isKnown` as that of a component, whose owner logs it.
 */
export function startSweep(sweep: Sweep, logger: Logger, isKnown: KnownTrouble = () => false): SweepLoop {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let ill = false;
  const round = async (): Promise<void> => {
    const began = performance.now();
    try {
      await sweep.run(stopping.signal);
      if (ill) logger.info({ sweep: sweep.name }, "the sweep works again");
      ill = false;
    } catch (error) {
      const isTold = ill || stopping.signal.aborted || isKnown(error, began);
      if (!isTold) {
        logger.warn({ err: error, sweep: sweep.name }, "the sweep fails");
        ill = true;
      }
    }
    if (!stopping.signal.aborted) timer = setTimeout(next, sweep.everyMs);
  };
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    running = round();
  };
  next();
  return {
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
