import type { Logger } from "../runtime/logger.ts";
import type { QueueWatch } from "./message-queue.ts";
import { withinBound } from "./within-bound.ts";

/** What there is to hear and to ask of BullMQ's Worker. */
export interface WatchedWorker {
  on(event: "error", heard: (error: Error) => void): unknown;
  on(event: "lockRenewalFailed", heard: (ids: string[]) => void): unknown;
  cancelJob(id: string, reason: string): boolean;
  /** Resolves where the queue answers. */
  probe(): Promise<unknown>;
}

const probeBoundMs = 2_000;
const probeEveryMs = 1_000;

/**
 * Tells `watch` how the queue is. BullMQ's `error` may mean anything, and nothing says that all is well again, so each
 * error makes it ask, until it is answered. Aborts the signals of Messages that the queue took away. Gives what ends it.
 */
export function watchWorker(worker: WatchedWorker, watch: QueueWatch, logger: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let asking = false;
  let ended = false;
  let told = "";

  const ask = async (trouble: Error | null): Promise<void> => {
    if (asking || ended) return;
    asking = true;
    clearTimeout(timer);
    try {
      await withinBound(worker.probe(), probeBoundMs);
      watch.onReady();
      // Once for each kind: a lock that is lost comes with several errors, of each Message.
      const kind = trouble?.message.replaceAll(/[0-9a-f-]{36}\S*/g, "…") ?? told;
      if (kind !== told) logger.warn({ err: trouble }, "the queue reports an error");
      told = kind;
    } catch (error) {
      watch.onAway(error);
      if (!isEnded()) timer = setTimeout(() => void ask(null), probeEveryMs);
    } finally {
      asking = false;
    }
  };
  // The compiler does not see that `ended` changes while it waits.
  const isEnded = () => ended;

  worker.on("error", (error) => void ask(error));
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) worker.cancelJob(id, "the queue gives the message to another consumer");
  });
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
