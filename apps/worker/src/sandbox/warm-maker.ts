import type { Result } from "@longshore/shared/domain/result";
import type { SandboxStartFailure } from "./sandbox-provider.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** More at once do not end sooner. */
const mostAtOnce = 4;
/** One start may fail on a machine that is busy. */
const fewestFailures = 2;

export interface WarmMakerDeps<Item, Order> {
  /** What is to be made next, with `making` under way; null where nothing is. */
  readonly next: (making: readonly Order[]) => Order | null;
  readonly make: (order: Order, signal: AbortSignal) => Promise<Result<Item, SandboxStartFailure>>;
  /** Takes what was made. */
  readonly keep: (item: Item, order: Order) => void;
  readonly discard: (item: Item) => Promise<void>;
  readonly onFailure: () => void;
  readonly logger: { warn(fields: object, message: string): void };
}

export interface WarmMaker {
  /** Begins to make what is missing; after a failure not before its pause is over. */
  readonly refill: () => void;
  /** Why the last ones could not be made; null where there were not several, or one was made since. */
  readonly trouble: () => string | null;
  /** Makes no more; resolves when what was being made is discarded. */
  readonly stop: () => Promise<void>;
}

/** Makes what the warm pool lacks, off everybody's path, with a growing pause after failures. */
export function createWarmMaker<Item, Order>(deps: WarmMakerDeps<Item, Order>): WarmMaker {
  const stopping = new AbortController();
  const making = new Map<Promise<void>, Order>();
  let failures = 0;
  let lastReason = "";
  let retry: NodeJS.Timeout | null = null;

  function refill(): void {
    while (!stopping.signal.aborted && retry === null && making.size < mostAtOnce) {
      const order = deps.next([...making.values()]);
      if (order === null) return;
      const one: Promise<void> = makeOne(order)
        .catch((error: unknown) => later(String(error)))
        .finally(() => {
          making.delete(one);
          refill();
        });
      making.set(one, order);
    }
  }

  async function makeOne(order: Order): Promise<void> {
    const made = await deps.make(order, stopping.signal);
    if (!made.ok) return later(made.failure.message);
    failures = 0;
    if (stopping.signal.aborted) await deps.discard(made.value);
    else deps.keep(made.value, order);
  }

  function later(reason: string): void {
    if (stopping.signal.aborted) return;
    deps.onFailure();
    if (retry !== null) return;
    const pauseMs = Math.min(firstPauseMs * 2 ** failures, longestPauseMs);
    failures += 1;
    lastReason = reason;
    deps.logger.warn({ reason, pauseMs }, "A warm Sandbox could not be made; trying again later.");
    retry = setTimeout(() => {
      retry = null;
      refill();
    }, pauseMs);
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error("The warm pool was stopped."));
    if (retry !== null) clearTimeout(retry);
    await Promise.all(making.keys());
  }

  return { refill, trouble: () => (failures < fewestFailures ? null : lastReason), stop };
}
