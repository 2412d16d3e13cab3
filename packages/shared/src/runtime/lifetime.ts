import { performance } from "node:perf_hooks";
import type { Logger } from "./logger.ts";

/** What was opened, to be closed in reverse order; one release that fails or hangs does not keep the rest. */
export interface Lifetime {
  /** Registers the release of what was just opened. `boundMs` is how long it may take. */
  defer(name: string, release: () => Promise<void> | void, boundMs?: number): void;
  /**
   * Releases everything, last first, within `totalMs` where that is given: what is not released by then is abandoned,
   * with a warning. Safe to call twice: the second call waits for the first.
   */
  close(totalMs?: number): Promise<void>;
}

/** A new, empty lifetime. */
export function createLifetime(logger: Logger): Lifetime {
  const releases: { name: string; release: () => Promise<void> | void; boundMs: number }[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (totalMs: number): Promise<void> => {
    const until = performance.now() + totalMs;
    for (let next = releases.pop(); next !== undefined; next = releases.pop()) {
      const { name, release, boundMs } = next;
      const leftMs = until - performance.now();
      if (leftMs < 1) {
        logger.warn({ what: name }, "abandoned: no time is left to release it");
        continue;
      }
      try {
        await bounded(Promise.resolve(release()), Math.min(boundMs, leftMs));
      } catch (error) {
        logger.warn({ err: error, what: name }, "could not be released");
      }
    }
  };
  return {
    defer: (name, release, boundMs = 5_000) => releases.push({ name, release, boundMs }),
    close: (totalMs = Infinity) => (closing ??= closeAll(totalMs)),
  };
}

async function bounded(work: Promise<void>, boundMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`was not released within ${String(boundMs)} ms`));
    }, boundMs);
  });
  try {
    await Promise.race([work, bound]);
  } finally {
    clearTimeout(timer);
  }
}
