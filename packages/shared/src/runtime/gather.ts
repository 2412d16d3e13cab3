import { setTimeout as pause } from "node:timers/promises";

export interface GatherOptions<Item, Outcome> {
  /** Deals with several at once, and gives the outcome of each, or the promise of it, in their order. Where it rejects, each of them does. */
  readonly perform: (items: readonly Item[]) => Promise<readonly (Outcome | Promise<Outcome>)[]>;
  /** So many at once, at most. */
  readonly most: number;
  /** So many times at once; once, where left out. */
  readonly lanes?: number;
  /** What takes longer than this, in ms, is not counted there: what comes does not wait for it any more. */
  readonly overdueMs?: number;
  /** How long, in ms, one that comes alone waits for more; not at all, where left out. */
  readonly firstAfterMs?: number;
  /** How long, in ms, those wait for more that came meanwhile. */
  readonly nextAfterMs?: number;
  /** Who waits longer than this, in ms, is not dealt with any more: its promise rejects with what `giveUp` makes. */
  readonly patienceMs?: number;
  /** Where so many wait already, the next is not dealt with, and its promise rejects so at once. */
  readonly mostWaiting?: number;
  readonly giveUp?: () => Error;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly since: number;
  readonly resolve: (outcome: Outcome | Promise<Outcome>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts together what comes at the same time: one that comes alone is dealt with at once, and what comes while that goes on
 * goes together next. So nobody waits for others to come, and under load a round trip and a commit are those of many.
 */
export function createGatherer<Item, Outcome>(options: GatherOptions<Item, Outcome>) {
  const {
    perform,
    most,
    lanes = 1,
    overdueMs = Infinity,
    firstAfterMs = 0,
    nextAfterMs = 0,
    patienceMs = Infinity,
    mostWaiting = Infinity,
    giveUp,
  } = options;
  let line: Waiting<Item, Outcome>[] = [];
  let busy = 0;

  const takeNext = () => {
    const inTime = refuseLate(line, performance.now() - patienceMs, giveUp);
    line = inTime.slice(most);
    return inTime.slice(0, most);
  };
  const work = async () => {
    busy += 1;
    let isCounted = true;
    const leave = () => {
      if (isCounted) busy -= 1;
      isCounted = false;
    };
    try {
      for (let afterMs = firstAfterMs; isCounted && line.length > 0; afterMs = nextAfterMs) {
        if (afterMs > 0) await pause(afterMs);
        const goOnBeside = () => {
          leave();
          if (line.length > 0) void work();
        };
        await within(performAll(perform, takeNext()), overdueMs, goOnBeside);
      }
    } finally {
      leave();
    }
  };
  return (item: Item): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      if (line.length >= mostWaiting) {
        reject(giveUp?.());
        return;
      }
      line.push({ item, since: performance.now(), resolve, reject });
      if (busy < lanes) void work();
    });
}

/** Gives those that have come since then; the others are told that it is too late. */
function refuseLate<Item, Outcome>(
  line: readonly Waiting<Item, Outcome>[],
  oldest: number,
  giveUp: (() => Error) | undefined,
): Waiting<Item, Outcome>[] {
  return line.filter(({ since, reject }) => {
    if (since < oldest) reject(giveUp?.());
    return since >= oldest;
  });
}

/** Waits for it, and says where it takes longer than `boundMs`. */
async function within(performed: Promise<void>, boundMs: number, onOverdue: () => void): Promise<void> {
  const timer = Number.isFinite(boundMs) ? setTimeout(onOverdue, boundMs) : undefined;
  await performed;
  clearTimeout(timer);
}

/** Never rejects: each hears for itself. */
async function performAll<Item, Outcome>(
  perform: GatherOptions<Item, Outcome>["perform"],
  taken: readonly Waiting<Item, Outcome>[],
): Promise<void> {
  if (taken.length === 0) return;
  try {
    const outcomes = await perform(taken.map(({ item }) => item));
    for (const [index, { resolve, reject }] of taken.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) reject(new Error("one of several was left without an outcome"));
      else resolve(outcome);
    }
  } catch (error) {
    for (const { reject } of taken) reject(error);
  }
}
