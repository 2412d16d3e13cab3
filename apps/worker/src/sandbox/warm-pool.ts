import { isDeepStrictEqual } from "node:util";
import type { SandboxSpec } from "./sandbox-provider.ts";
import { createWarmMaker, type WarmMakerDeps } from "./warm-maker.ts";

/** Longest life of what waits for a Job. What is older and still has no Job lost its owner: a sweep may remove it. */
export const warmMaxAgeMs = 10 * 60_000;

export interface WarmPoolDeps<Item> extends Pick<WarmMakerDeps<Item>, "make" | "discard" | "logger"> {
  readonly size: number;
  /** Only a Job with exactly these limits gets one of the pool. */
  readonly limits: SandboxSpec["limits"];
  /** Asked at hand-over. */
  readonly isUsable: (item: Item) => Promise<boolean>;
  readonly maxAgeMs?: number;
}

export interface WarmPool<Item> {
  /** One that is ready, or null: start one then. What is taken is the taker's, and made anew off its path. */
  readonly take: (limits: SandboxSpec["limits"]) => Promise<Item | null>;
  readonly ready: () => number;
  /** Makes no more, and discards what is there and what is being made. */
  readonly stop: () => Promise<void>;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly ageing: NodeJS.Timeout;
}

/** Keeps `size` started Sandboxes ready. Begins at once. */
export function createWarmPool<Item>(deps: WarmPoolDeps<Item>): WarmPool<Item> {
  const { size, limits, logger, maxAgeMs = warmMaxAgeMs } = deps;
  const waiting: Waiting<Item>[] = [];
  const discarding = new Set<Promise<void>>();
  const maker = createWarmMaker({ ...deps, missing: () => size - waiting.length, keep });

  function keep(item: Item): void {
    const entry: Waiting<Item> = { item, ageing: setTimeout(() => tooOld(entry), maxAgeMs) };
    waiting.push(entry);
  }

  function tooOld(entry: Waiting<Item>): void {
    waiting.splice(waiting.indexOf(entry), 1);
    discard(entry.item);
    maker.refill();
  }

  function discard(item: Item): void {
    const one: Promise<void> = deps
      .discard(item)
      .catch((error: unknown) => logger.warn({ err: error }, "A warm Sandbox could not be removed."))
      .finally(() => discarding.delete(one));
    discarding.add(one);
  }

  async function isUsable(item: Item): Promise<boolean> {
    try {
      return await deps.isUsable(item);
    } catch (error) {
      logger.warn({ err: error }, "A warm Sandbox could not be looked at.");
      return false;
    }
  }

  async function take(wanted: SandboxSpec["limits"]): Promise<Item | null> {
    if (!sameLimits(limits, wanted)) return null;
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      clearTimeout(entry.ageing);
      maker.refill();
      if (await isUsable(entry.item)) return entry.item;
      discard(entry.item);
    }
    return null;
  }

  async function stop(): Promise<void> {
    await maker.stop();
    for (const { item, ageing } of waiting.splice(0)) {
      clearTimeout(ageing);
      discard(item);
    }
    await Promise.all(discarding);
  }

  maker.refill();
  return { take, ready: () => waiting.length, stop };
}

function sameLimits(left: SandboxSpec["limits"], right: SandboxSpec["limits"]): boolean {
  const pick = ({ cpus, memory_mb, pids, disk_mb }: SandboxSpec["limits"]) => [
    cpus,
    memory_mb,
    pids,
    disk_mb,
  ];
  return isDeepStrictEqual(pick(left), pick(right));
}
