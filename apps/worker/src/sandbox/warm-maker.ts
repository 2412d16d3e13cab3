import type { Result } from "@longshore/shared/domain/result";
import type { SandboxStartFailure } from "./sandbox-provider.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

export interface WarmMakerDeps<Item> {
  readonly make: (signal: AbortSignal) => Promise<Result<Item, SandboxStartFailure>>;
  /** How many more are wanted, those that are being made left aside. */
  readonly missing: () => number;
  /** Takes what was made. */
  readonly keep: (item: Item) => void;
  readonly discard: (item: Item) => Promise<void>;
  readonly logger: { warn(fields: object, message: string): void };
}

export interface WarmMaker {
  /** Begins to make what is missing; after a failure not before its pause is over. */
  readonly refill: () => void;
  /** Makes no more; resolves when what was being made is discarded. */
  readonly stop: () => Promise<void>;
}

/** Makes what the warm pool lacks, off everybody's path, with a growing pause after failures. */
export function createWarmMaker<Item>(deps: WarmMakerDeps<Item>): WarmMaker {
  const stopping = new AbortController();
  const making = new Set<Promise<void>>();
  let pauseMs = firstPauseMs;
  let retry: NodeJS.Timeout | null = null;

  function refill(): void {
    while (!stopping.signal.aborted && retry === null && making.size < deps.missing()) {
      const one: Promise<void> = makeOne()
        .catch((error: unknown) => later(String(error)))
        .finally(() => {
          making.delete(one);
          refill();
        });
      making.add(one);
    }
  }

  async function makeOne(): Promise<void> {
    const made = await deps.make(stopping.signal);
    if (!made.ok) return later(made.failure.message);
    pauseMs = firstPauseMs;
    if (stopping.signal.aborted) await deps.discard(made.value);
    else deps.keep(made.value);
  }

  function later(reason: string): void {
    if (retry !== null || stopping.signal.aborted) return;
    deps.logger.warn({ reason, pauseMs }, "A warm Sandbox could not be made; trying again later.");
    retry = setTimeout(() => {
      retry = null;
      refill();
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error("The warm pool was stopped."));
    if (retry !== null) clearTimeout(retry);
    await Promise.all(making);
  }

  return { refill, stop };
}
