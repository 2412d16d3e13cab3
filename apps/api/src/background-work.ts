export interface BackgroundWork {
  /** Starts work that nobody waits for; where too much is under way already, it is left out, and the answer is false. */
  start(work: () => Promise<void>): boolean;
  /** Resolves when none is under way any more. */
  settle(): Promise<void>;
}

export interface BackgroundWorkDeps {
  /** As much may be under way at once. */
  readonly most: number;
  /** Is told the reason when work begins to fail, and not again until some has succeeded. */
  readonly onFailing: (reason: string) => void;
  /** Is told when it succeeds again. */
  readonly onWell?: () => void;
}

/** Work off the answer's path, whose failures are told once. */
export function createBackgroundWork({ most, onFailing, onWell }: BackgroundWorkDeps): BackgroundWork {
  const underWay = new Set<Promise<void>>();
  let failing = false;
  const run = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      if (failing) onWell?.();
      failing = false;
    } catch (error) {
      if (!failing) onFailing(error instanceof Error ? error.message : String(error));
      failing = true;
    }
  };
  return {
    start: (work) => {
      if (underWay.size >= most) return false;
      const running = run(work).finally(() => underWay.delete(running));
      underWay.add(running);
      return true;
    },
    settle: async () => void (await Promise.allSettled(underWay)),
  };
}
