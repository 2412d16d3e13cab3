import type { Result } from "@longshore/shared/domain/result";
import type { SandboxSpec, SandboxStartFailure } from "./sandbox-provider.ts";
import type { WarmDemand, WarmTarget } from "./warm-demand.ts";
import type { WarmEvent } from "./warm-event.ts";
import { type Calm, createWhenCalm } from "./when-calm.ts";
import { createWarmMaker } from "./warm-maker.ts";
import { createWarmShelf, type WarmOrder, type WarmShelf } from "./warm-shelf.ts";

/** Longest life of what waits for a Job. What is older and still has no Job lost its owner: a sweep may remove it. */
export const warmMaxAgeMs = 10 * 60_000;

/**
 * A start takes both processors of a small machine for most of a second: beside the Job that took the last one it made that
 * Job's end 0.3 s later (measured on 2 cores). A short Job is over by then; where Jobs come without a pause, so does this.
 */
const refillCalm: Calm = { afterMs: 1_000, atMostMs: 3_000 };

type Limits = SandboxSpec["limits"];

export interface WarmPoolDeps<Item> {
  readonly demand: WarmDemand;
  readonly make: (limits: Limits, signal: AbortSignal) => Promise<Result<Item, SandboxStartFailure>>;
  /**
   * Gives it these limits, which are of its shape, and looks whether all is well with it. Throws where not; `unanswered` where
   * nobody says so: nobody would say more of another one.
   */
  readonly fit: (item: Item, limits: Limits, signal: AbortSignal) => Promise<"fit" | "unanswered">;
  /** Resolves when it has ended. */
  readonly ended: (item: Item) => Promise<unknown>;
  readonly discard: (item: Item) => Promise<void>;
  readonly count: (event: WarmEvent) => void;
  readonly logger: { warn(fields: object, message: string): void };
  readonly maxAgeMs?: number;
  /** When what was taken is made anew; `refillCalm`, where left out. */
  readonly calm?: Calm;
}

export interface WarmPool<Item> {
  /**
   * One that is ready and fit, or null: start one then. What is taken is the taker's alone, and another is made off its
   * path. An abort throws the signal's reason.
   */
  readonly take: (limits: Limits, signal: AbortSignal) => Promise<Item | null>;
  readonly ready: () => number;
  /** How many are to be ready, by what Jobs needed lately. */
  readonly wanted: () => number;
  /** Why none could be made lately; null where nothing is wrong. */
  readonly trouble: () => string | null;
  /** Makes no more, and discards what is there and what is being made. */
  readonly stop: () => Promise<void>;
}

/** Keeps started Sandboxes ready, as many as `demand` says. Begins at once. Each is given to one Job at most. */
export function createWarmPool<Item>(deps: WarmPoolDeps<Item>): WarmPool<Item> {
  const { demand, count, logger, maxAgeMs = warmMaxAgeMs, calm = refillCalm } = deps;
  const shelf = createWarmShelf<Item>({ ...deps, maxAgeMs, onLeft: () => maker.refill() });
  const maker = createWarmMaker<Item, WarmOrder>({
    ...{ logger, discard: deps.discard },
    next: (making) => findLacking(demand.targets(), shelf, making),
    make: ({ limits }, signal) => deps.make(limits, signal),
    keep(item, order) {
      count("made");
      shelf.put(item, order);
    },
    onFailure: () => count("failed"),
  });

  const refillLater = createWhenCalm(() => maker.refill(), calm);

  async function take(asked: Limits, signal: AbortSignal): Promise<Item | null> {
    // Of a Job's limits those alone that a Sandbox has.
    const { cpus, memory_mb, pids, disk_mb } = asked;
    const limits = { cpus, memory_mb, pids, disk_mb };
    const order = { limits, shape: demand.note(limits) };
    try {
      for (let item = shelf.take(order); item !== null; item = shelf.take(order)) {
        const answer = await askWhetherFit(deps, item, limits, signal);
        if (answer === "fit") {
          count("taken");
          return item;
        }
        shelf.discard(item);
        signal.throwIfAborted();
        count("unfit");
        if (answer === "unanswered") break;
      }
      count("missed");
      return null;
    } finally {
      refillLater.ask();
    }
  }

  async function stop(): Promise<void> {
    refillLater.stop();
    await Promise.all([maker.stop(), shelf.clear()]);
    await shelf.clear();
  }

  maker.refill();
  return {
    take,
    ready: () => shelf.shapes().length,
    wanted: () => sum(demand.targets()),
    trouble: maker.trouble,
    stop,
  };
}

/** What is lacking, where it has a place; one that is not needed gives up its own. */
function findLacking(
  targets: readonly WarmTarget[],
  shelf: Pick<WarmShelf<unknown>, "shapes" | "displace">,
  making: readonly WarmOrder[],
): WarmOrder | null {
  const shapes = [...shelf.shapes(), ...making.map(({ shape }) => shape)];
  const surplus = (shape: string): number =>
    shapes.filter((each) => each === shape).length -
    (targets.find((each) => each.shape === shape)?.count ?? 0);
  const lacking = targets.find(({ shape }) => surplus(shape) < 0);
  if (lacking === undefined) return null;
  if (shapes.length < sum(targets)) return lacking;
  const needless = shelf.shapes().find((shape) => surplus(shape) > 0);
  if (needless === undefined) return null;
  shelf.displace(needless);
  return lacking;
}

function sum(targets: readonly WarmTarget[]): number {
  return targets.reduce((total, { count }) => total + count, 0);
}

async function askWhetherFit<Item>(
  { fit, logger }: Pick<WarmPoolDeps<Item>, "fit" | "logger">,
  item: Item,
  limits: Limits,
  signal: AbortSignal,
): Promise<"fit" | "unfit" | "unanswered"> {
  try {
    return await fit(item, limits, signal);
  } catch (error) {
    if (!signal.aborted)
      logger.warn({ err: error }, "A warm Sandbox is not as it should be, and is removed.");
    return "unfit";
  }
}
