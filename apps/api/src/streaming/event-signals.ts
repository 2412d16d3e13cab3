/** Hears, for one reader, that a Job may have new Events. */
export interface EventSubscription {
  /**
   * Resolves when a signal came since the last call, when `withinMs` are over (signals can get lost: look yourself then),
   * or when `stop` aborts. Never rejects.
   */
  next(withinMs: number, stop: AbortSignal): Promise<"signal" | "time" | "stopped">;
  close(): void;
}

export interface EventSignals {
  subscribe(jobId: string): EventSubscription;
  /** Tells the readers of one Job. */
  tell(jobId: string): void;
  /** Tells every reader: signals may have been missed. */
  tellAll(): void;
}

/** One listener on the database serves every reader of this process. */
export function createEventSignals(): EventSignals {
  const readers = new Map<string, Set<() => void>>();
  return {
    subscribe: (jobId) => subscribe(readers, jobId),
    tell: (jobId) => {
      for (const wake of readers.get(jobId) ?? []) wake();
    },
    tellAll: () => {
      for (const reader of readers.values()) for (const wake of reader) wake();
    },
  };
}

function subscribe(readers: Map<string, Set<() => void>>, jobId: string): EventSubscription {
  // Remembers a signal that comes while the reader is reading: it would otherwise wait beside new Events.
  let signalled = false;
  let waiting: (() => void) | null = null;
  const wake = () => {
    signalled = true;
    waiting?.();
  };
  const ofJob = readers.get(jobId) ?? new Set();
  readers.set(jobId, ofJob.add(wake));
  return {
    next: (withinMs, stop) =>
      new Promise((resolve) => {
        const finish = (why: "signal" | "time" | "stopped") => {
          clearTimeout(timer);
          stop.removeEventListener("abort", onStop);
          waiting = null;
          if (why === "signal") signalled = false;
          resolve(why);
        };
        const onStop = () => finish("stopped");
        const timer = setTimeout(finish, withinMs, "time");
        stop.addEventListener("abort", onStop, { once: true });
        waiting = () => finish("signal");
        if (stop.aborted) finish("stopped");
        else if (signalled) finish("signal");
      }),
    close: () => {
      ofJob.delete(wake);
      if (ofJob.size === 0) readers.delete(jobId);
    },
  };
}
