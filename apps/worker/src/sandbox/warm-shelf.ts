import { isDeepStrictEqual } from "node:util";
import type { WarmTarget } from "./warm-demand.ts";
import type { WarmEvent } from "./warm-event.ts";

/** What one is made by. */
export type WarmOrder = Omit<WarmTarget, "count">;

export interface WarmShelfDeps<Item> {
  /** Resolves when it has ended. */
  readonly ended: (item: Item) => Promise<unknown>;
  readonly discard: (item: Item) => Promise<void>;
  readonly count: (event: WarmEvent) => void;
  /** Called when one has left by itself: too old, or ended. */
  readonly onLeft: () => void;
  readonly maxAgeMs: number;
  readonly logger: { warn(fields: object, message: string): void };
}

/** What waits for a Job, until it is taken, ends, or has waited too long. */
export interface WarmShelf<Item> {
  readonly put: (item: Item, order: WarmOrder) => void;
  /** Takes one of the shape off, one with these limits before others, else the oldest; null where there is none. */
  readonly take: (order: WarmOrder) => Item | null;
  /** The shapes of all, the oldest first. */
  readonly shapes: () => readonly string[];
  /** Discards the oldest of a shape. */
  readonly displace: (shape: string) => void;
  /** Discards what was taken. */
  readonly discard: (item: Item) => void;
  /** Discards all; resolves when nothing is being discarded any more. */
  readonly clear: () => Promise<void>;
}

interface Waiting<Item> extends WarmOrder {
  readonly item: Item;
  readonly ageing: NodeJS.Timeout;
}

export function createWarmShelf<Item>(deps: WarmShelfDeps<Item>): WarmShelf<Item> {
  const { count, onLeft, maxAgeMs, logger } = deps;
  const waiting: Waiting<Item>[] = [];
  const discarding = new Set<Promise<void>>();

  function put(item: Item, { shape, limits }: WarmOrder): void {
    const entry = { item, shape, limits, ageing: setTimeout(() => drop(entry, "aged"), maxAgeMs) };
    waiting.push(entry);
    void deps.ended(item).then(() => drop(entry, "ended"));
  }

  function leave(entry: Waiting<Item>): boolean {
    clearTimeout(entry.ageing);
    const at = waiting.indexOf(entry);
    if (at >= 0) waiting.splice(at, 1);
    return at >= 0;
  }

  function drop(entry: Waiting<Item>, event: WarmEvent): void {
    if (!leave(entry)) return;
    count(event);
    discard(entry.item);
    onLeft();
  }

  function discard(item: Item): void {
    const one: Promise<void> = deps
      .discard(item)
      .catch((error: unknown) => logger.warn({ err: error }, "A warm Sandbox could not be removed."))
      .finally(() => discarding.delete(one));
    discarding.add(one);
  }

  return {
    ...{ put, discard },
    take({ shape, limits }) {
      const ofShape = waiting.filter((each) => each.shape === shape);
      const entry = ofShape.find((each) => isDeepStrictEqual(each.limits, limits)) ?? ofShape[0];
      return entry !== undefined && leave(entry) ? entry.item : null;
    },
    shapes: () => waiting.map(({ shape }) => shape),
    displace(shape) {
      const entry = waiting.find((each) => each.shape === shape);
      if (entry === undefined || !leave(entry)) return;
      count("displaced");
      discard(entry.item);
    },
    async clear() {
      for (const entry of [...waiting]) if (leave(entry)) discard(entry.item);
      await Promise.all(discarding);
    },
  };
}
