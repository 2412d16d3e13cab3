import { fail, succeed } from "@longshore/shared/domain/result";
import { describe, expect, it, vi } from "vitest";
import { createWarmPool, type WarmPoolDeps } from "./warm-pool.ts";

const limits = { cpus: 1, memory_mb: 64, pids: 16, disk_mb: 1 };

/** A pool over numbers, each of which lives until it is discarded. */
function poolOfNumbers(settings: Partial<WarmPoolDeps<number>> = {}) {
  const alive = new Set<number>();
  const warnings: string[] = [];
  let made = 0;
  const pool = createWarmPool<number>({
    size: 2,
    limits,
    make: async () => {
      made += 1;
      alive.add(made);
      return succeed(made);
    },
    isUsable: async () => true,
    discard: async (item) => void alive.delete(item),
    logger: { warn: (_, message) => void warnings.push(message) },
    ...settings,
  });
  return { pool, alive, warnings };
}

describe("createWarmPool", () => {
  it("keeps its size ready, and makes anew what was taken", async () => {
    const { pool } = poolOfNumbers();
    await vi.waitFor(() => expect(pool.ready()).toBe(2));
    expect(await pool.take(limits)).toBe(1);
    await vi.waitFor(() => expect(pool.ready()).toBe(2));
    await pool.stop();
  });

  it("has none for other limits than its own", async () => {
    const { pool } = poolOfNumbers();
    await vi.waitFor(() => expect(pool.ready()).toBe(2));
    expect(await pool.take({ ...limits, memory_mb: 65 })).toBeNull();
    await pool.stop();
  });

  it("hands out none that has died while it waited", async () => {
    const { pool, alive } = poolOfNumbers({ isUsable: async (item) => item !== 1 });
    await vi.waitFor(() => expect(pool.ready()).toBe(2));
    expect(await pool.take(limits)).toBe(2);
    await vi.waitFor(() => expect(alive.has(1)).toBe(false));
    await pool.stop();
  });

  it("gives up what has waited too long, for a fresh one", async () => {
    const { pool, alive } = poolOfNumbers({ size: 1, maxAgeMs: 20 });
    await vi.waitFor(() => expect(alive.has(3)).toBe(true));
    expect(alive.has(1)).toBe(false);
    await pool.stop();
  });

  it("leaves nothing behind when it stops, also of what is just being made", async () => {
    const slow = Promise.withResolvers<void>();
    const { pool, alive } = poolOfNumbers({
      size: 1,
      make: async () => {
        await slow.promise;
        alive.add(7);
        return succeed(7);
      },
    });
    const stopped = pool.stop();
    slow.resolve();
    await stopped;
    expect([...alive]).toEqual([]);
  });

  it("says that it cannot make one, and does not try without a pause", async () => {
    let tries = 0;
    const { pool, warnings } = poolOfNumbers({
      size: 1,
      make: async () => {
        tries += 1;
        return fail({ code: "sandbox_start_failed", message: "no image" });
      },
    });
    await vi.waitFor(() => expect(warnings).toHaveLength(1));
    await pool.stop();
    expect(tries).toBe(1);
  });
});
