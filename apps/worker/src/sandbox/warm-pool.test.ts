import { fail, succeed } from "@longshore/shared/domain/result";
import { describe, expect, it, vi } from "vitest";
import { createWarmDemand } from "./warm-demand.ts";
import type { WarmEvent } from "./warm-event.ts";
import { createWarmPool, type WarmPoolDeps } from "./warm-pool.ts";

const limits = { cpus: 1, memory_mb: 64, pids: 16, disk_mb: 1 };
const large = { ...limits, disk_mb: 2 };
const never = new AbortController().signal;

/** A pool over numbers, each of which lives until it is discarded or ended. */
function poolOfNumbers({
  size = 2,
  most = size,
  ...settings
}: Partial<WarmPoolDeps<number>> & { readonly size?: number; readonly most?: number } = {}) {
  const alive = new Map<number, () => void>();
  const [warnings, events]: [string[], WarmEvent[]] = [[], []];
  const ends = new Map<number, Promise<void>>();
  const made: (typeof limits)[] = [];
  const shapeOf = ({ disk_mb }: typeof limits): string => String(disk_mb);
  const now = (): number => performance.now();
  const pool = createWarmPool<number>({
    demand: createWarmDemand({ size, most, usual: limits, shapeOf, now }),
    make: async (wanted) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const item = made.push(wanted);
      alive.set(item, resolve);
      ends.set(item, promise);
      return succeed(item);
    },
    fit: async () => "fit",
    ended: (item) => ends.get(item) ?? Promise.resolve(),
    discard: async (item) => void alive.delete(item),
    count: (event) => void events.push(event),
    logger: { warn: (_, message) => void warnings.push(message) },
    calm: { afterMs: 0, atMostMs: 0 },
    ...settings,
  });
  const untilReady = (count: number): Promise<void> => vi.waitFor(() => expect(pool.ready()).toBe(count));
  return { pool, alive, made, warnings, events, untilReady };
}

describe("createWarmPool", () => {
  it("keeps its size ready, and makes anew what was taken, which is given to nobody else", async () => {
    const { pool, untilReady, events } = poolOfNumbers();
    const taken: (number | null)[] = [];
    for (let count = 0; count < 4; count += 1) {
      await untilReady(2);
      taken.push(await pool.take(limits, never));
    }
    expect(taken).toEqual([1, 2, 3, 4]);
    await untilReady(2);
    await pool.stop();
    expect(events.filter((event) => event === "taken")).toHaveLength(4);
  });

  it("makes what was taken anew only once it is calm: the Job that took it is not to wait for a start", async () => {
    const { pool, made, untilReady } = poolOfNumbers({ calm: { afterMs: 300, atMostMs: 1_000 } });
    await untilReady(2);
    const began = performance.now();
    expect(await pool.take(limits, never)).toBe(1);
    expect(made).toHaveLength(2);
    await untilReady(2);
    expect(performance.now() - began).toBeGreaterThanOrEqual(299);
    await pool.stop();
  });

  it("gives each of those that come at once one of its own, and null where there are no more", async () => {
    const { pool, untilReady, events } = poolOfNumbers();
    await untilReady(2);
    const taken = await Promise.all([1, 2, 3].map(() => pool.take(limits, never)));
    expect(taken).toEqual([1, 2, null]);
    expect(events.filter((event) => event === "missed")).toHaveLength(1);
    await pool.stop();
  });

  it("has more ready after more were needed at once, and no more than it may", async () => {
    const { pool, untilReady } = poolOfNumbers({ size: 1, most: 3 });
    await untilReady(1);
    await Promise.all([1, 2, 3, 4, 5].map(() => pool.take(limits, never)));
    await untilReady(3);
    await pool.stop();
  });

  it("gives one of the same shape to a Job with other limits, the one with just these before the others", async () => {
    const fitted: [number, number][] = [];
    const { pool, untilReady } = poolOfNumbers({
      fit: async (item, { cpus }) => {
        fitted.push([item, cpus]);
        return "fit";
      },
    });
    await untilReady(2);
    await pool.take({ ...limits, cpus: 3 }, never);
    await untilReady(2);
    await pool.take({ ...limits, cpus: 3 }, never);
    expect(fitted).toEqual([
      [1, 3],
      [3, 3],
    ]);
    await pool.stop();
  });

  it("has none of a shape that is not known, makes one once it is, and gives up one that nobody needs for it", async () => {
    const { pool, alive, untilReady, made, events } = poolOfNumbers({ size: 1 });
    await untilReady(1);
    expect(await pool.take(large, never)).toBeNull();
    expect(await pool.take(large, never)).toBeNull();
    await vi.waitFor(() => expect(made).toEqual([limits, large]));
    await untilReady(1);
    expect([...alive.keys()]).toEqual([2]);
    expect(events).toContain("displaced");
    expect(await pool.take(large, never)).toBe(2);
    await pool.stop();
  });

  it("hands out none that is not as it should be, and discards it", async () => {
    const { pool, alive, untilReady, warnings, events } = poolOfNumbers({
      fit: (item) => (item === 1 ? Promise.reject(new Error("paused")) : Promise.resolve("fit")),
    });
    await untilReady(2);
    expect(await pool.take(limits, never)).toBe(2);
    await vi.waitFor(() => expect(alive.has(1)).toBe(false));
    expect(warnings).toHaveLength(1);
    expect(events).toContain("unfit");
    await pool.stop();
  });

  it("asks of one alone where nobody says how it is: the Job is not to wait so for each of them", async () => {
    const asked: number[] = [];
    const { pool, alive, untilReady, events } = poolOfNumbers({
      size: 3,
      fit: async (item) => {
        asked.push(item);
        return "unanswered";
      },
    });
    await untilReady(3);
    expect(await pool.take(limits, never)).toBeNull();
    expect(asked).toEqual([1]);
    expect(events.filter((event) => event === "missed")).toHaveLength(1);
    await vi.waitFor(() => expect(alive.has(1)).toBe(false));
    await pool.stop();
  });

  it("discards what was looked at for a Job that is stopped meanwhile, and makes another", async () => {
    const stop = new AbortController();
    const { pool, alive, untilReady } = poolOfNumbers({
      size: 1,
      fit: async (_, __, signal) => {
        stop.abort(new Error("cancelled"));
        signal.throwIfAborted();
        return "fit";
      },
    });
    await untilReady(1);
    await expect(pool.take(limits, stop.signal)).rejects.toThrow("cancelled");
    await vi.waitFor(() => expect(alive.has(1)).toBe(false));
    await untilReady(1);
    expect([...alive.keys()]).toEqual([2]);
    await pool.stop();
  });

  it("gives up what has waited too long, or has ended while it waited, for a fresh one", async () => {
    const { pool, alive, made, events } = poolOfNumbers({ size: 1, maxAgeMs: 20 });
    await vi.waitFor(() => expect(made.length).toBeGreaterThanOrEqual(3));
    expect(alive.has(1)).toBe(false);
    expect(events).toContain("aged");
    await pool.stop();

    const other = poolOfNumbers({ size: 1 });
    await other.untilReady(1);
    other.alive.get(1)?.();
    await vi.waitFor(() => expect([...other.alive.keys()]).toEqual([2]));
    expect(other.events).toEqual(["made", "ended", "made"]);
    await other.pool.stop();
  });

  it("leaves nothing behind when it stops, also of what is just being made", async () => {
    const slow = Promise.withResolvers<void>();
    const left = new Set<number>();
    const { pool } = poolOfNumbers({
      size: 1,
      make: async () => {
        await slow.promise;
        left.add(7);
        return succeed(7);
      },
      discard: async (item) => void left.delete(item),
    });
    const stopped = pool.stop();
    slow.resolve();
    await stopped;
    expect([...left]).toEqual([]);
    expect(await pool.take(limits, never)).toBeNull();
  });

  it("says that it cannot make one, does not try without a pause, and calls it trouble when it fails again", async () => {
    vi.useFakeTimers();
    try {
      let tries = 0;
      const { pool, warnings, events } = poolOfNumbers({
        size: 1,
        make: async () => {
          tries += 1;
          return fail({ code: "sandbox_start_failed", message: "no image" });
        },
      });
      await vi.advanceTimersByTimeAsync(999);
      expect([tries, warnings.length, pool.trouble()]).toEqual([1, 1, null]);
      await vi.advanceTimersByTimeAsync(1);
      expect([tries, pool.trouble()]).toEqual([2, "no image"]);
      await pool.stop();
      expect(events).toEqual(["failed", "failed"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
