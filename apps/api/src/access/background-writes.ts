import type { Logger } from "@longshore/shared/runtime/logger";

export interface BackgroundWrites {
  /** Starts a write that nobody waits for; where too many are under way already, it is left out. */
  start(write: () => Promise<void>): void;
  /** Resolves when none is under way any more. */
  settle(): Promise<void>;
}

const mostUnderWay = 100;

/** Writes off the answer's path. Their failures are told once, until one works again. */
export function createBackgroundWrites(what: string, logger: Logger): BackgroundWrites {
  const underWay = new Set<Promise<void>>();
  let failing = false;
  const run = async (write: () => Promise<void>): Promise<void> => {
    try {
      await write();
      failing = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!failing) logger.warn({ reason }, `${what} cannot be written now`);
      failing = true;
    }
  };
  return {
    start: (write) => {
      if (underWay.size >= mostUnderWay) return;
      const running = run(write).finally(() => underWay.delete(running));
      underWay.add(running);
    },
    settle: async () => void (await Promise.allSettled(underWay)),
  };
}
