import { DatabaseAway } from "@longshore/shared/db/database-away";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, describe, expect, test, vi } from "vitest";
import { keepLease, type KeepLeaseDeps, type LeaseKeeper } from "./keep-lease.ts";

const logger = createLogger("test", "fatal");
const leaseSeconds = 0.8;
const leaseMs = leaseSeconds * 1_000;
const soon = { timeout: leaseMs * 4, interval: 10 };

describe("the keeper of a lease", () => {
  let keeper: LeaseKeeper | undefined;
  afterEach(() => keeper?.stop());

  const keep = (renew: KeepLeaseDeps["renew"]) => {
    const told = { lost: 0, lostAfterMs: 0, cancels: [] as Date[], renewals: 0 };
    const startedAt = performance.now();
    keeper = keepLease({
      ...{ leaseSeconds, holdSeconds: leaseSeconds * 2, logger },
      renew: (boundMs) => {
        told.renewals += 1;
        return renew(boundMs);
      },
      onLost: () => {
        told.lost += 1;
        told.lostAfterMs = performance.now() - startedAt;
      },
      onCancelRequested: (at) => void told.cancels.push(at),
    });
    return told;
  };

  test("renews it several times in its length, and is quiet while that works", async () => {
    const told = keep(() => Promise.resolve({ cancelRequestedAt: null }));
    await expect.poll(() => told.renewals, soon).toBeGreaterThan(10);
    expect(told).toMatchObject({ lost: 0, cancels: [] });
  });

  test("says that it is lost where the database says so, once, and renews no more", async () => {
    const told = keep(() => Promise.resolve(null));
    await expect.poll(() => told.lost, soon).toBe(1);
    expect(told.lostAfterMs).toBeLessThan(leaseMs);
    await keeper?.stop();
    expect(told).toMatchObject({ lost: 1, renewals: 1 });
  });

  test("says that it is lost where it could not be renewed for its whole length by a fault, and not before", async () => {
    const told = keep(() => Promise.reject(new Error("a fault")));
    await expect.poll(() => told.lost, soon).toBe(1);
    expect(told.lostAfterMs).toBeGreaterThanOrEqual(leaseMs);
    expect(told.renewals).toBeGreaterThan(4);
  });

  test("holds on to it while the database is away, up to its bound", async () => {
    const told = keep(() => Promise.reject(new DatabaseAway("away")));
    await expect.poll(() => told.lost, soon).toBe(1);
    expect(told.lostAfterMs).toBeGreaterThanOrEqual(leaseMs * 2);
  });

  test.each([
    ["goes on where nobody took it", { cancelRequestedAt: null }, 0],
    ["has lost it where somebody did", null, 1],
  ])("after an outage longer than the lease it %s", async (_, answer, lost) => {
    const startedAt = performance.now();
    const told = keep(() =>
      performance.now() - startedAt < leaseMs * 1.5
        ? Promise.reject(new DatabaseAway("away"))
        : Promise.resolve(answer),
    );
    await expect.poll(() => performance.now() - startedAt, soon).toBeGreaterThan(leaseMs * 2.2);
    expect(told.lost).toBe(lost);
  });

  test("gives each renewal a bound far below the lease, and asks again after one that took all of it", async () => {
    const bounds: number[] = [];
    const told = keep((boundMs) => {
      bounds.push(boundMs);
      return new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), boundMs));
    });
    await expect.poll(() => told.lost, soon).toBe(1);
    expect(Math.max(...bounds)).toBeLessThanOrEqual(leaseMs / 4);
    expect(told.renewals).toBeGreaterThan(1);
    expect(told.lostAfterMs).toBeGreaterThanOrEqual(leaseMs);
  });

  test("an outage that is shorter than the lease loses nothing", async () => {
    let asked = 0;
    const told = keep(() => {
      asked += 1;
      return asked < 5 ? Promise.reject(new Error("away")) : Promise.resolve({ cancelRequestedAt: null });
    });
    await expect.poll(() => told.renewals, soon).toBeGreaterThan(12);
    expect(told.lost).toBe(0);
  });

  test("hands on when a cancel was asked for, and keeps the lease for the end to be written", async () => {
    const cancelRequestedAt = new Date("2026-01-01T00:00:00Z");
    const told = keep(() => Promise.resolve({ cancelRequestedAt }));
    await expect.poll(() => told.cancels.length, soon).toBeGreaterThan(1);
    expect(new Set(told.cancels)).toEqual(new Set([cancelRequestedAt]));
    expect(told.lost).toBe(0);
  });

  test("after its stop nothing is told of a renewal that was under way", async () => {
    let answer: ((lost: null) => void) | undefined;
    const told = keep(() => new Promise<null>((resolve) => (answer = resolve)));
    await expect.poll(() => told.renewals, soon).toBe(1);
    const stopped = keeper?.stop();
    answer?.(null);
    await stopped;
    expect(told).toMatchObject({ lost: 0, renewals: 1 });
  });
});

describe("whether nobody else can have the lease", () => {
  let keeper: LeaseKeeper | undefined;
  afterEach(async () => {
    vi.useRealTimers();
    await keeper?.stop();
  });

  /** A keeper that renews by itself long after the test. */
  const keep = (renew: () => ReturnType<KeepLeaseDeps["renew"]>, ageSeconds = 0, holdSeconds = 600) => {
    const told = { asked: 0, lost: 0 };
    keeper = keepLease({
      ...{ leaseSeconds: 60, holdSeconds, logger, takenAt: performance.now() - ageSeconds * 1_000 },
      renew: () => {
        told.asked += 1;
        return renew();
      },
      onLost: () => void (told.lost += 1),
      onCancelRequested: () => undefined,
    });
    return { told, holds: keeper.holds };
  };
  const renewed = () => Promise.resolve({ cancelRequestedAt: null });

  test("is known of one that was taken just now, without asking", async () => {
    const { told, holds } = keep(() => Promise.resolve(null));
    expect(await holds()).toBe(true);
    expect(told.asked).toBe(0);
  });

  test("is asked where it was taken long ago, and then known for a while", async () => {
    const { told, holds } = keep(renewed, 59);
    expect(await Promise.all([holds(), holds(), holds()])).toEqual([true, true, true]);
    expect(await holds()).toBe(true);
    expect(told.asked).toBe(1);
  });

  test("is asked where the clock on the wall says that the machine has slept", async () => {
    const { told, holds } = keep(renewed);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    expect(await holds()).toBe(true);
    expect(told.asked).toBe(1);
    vi.setSystemTime(Date.now() - 7_200_000);
    expect(await holds()).toBe(true);
    expect(told.asked).toBe(1);
  });

  test("is false once it is lost, from then on", async () => {
    const { told, holds } = keep(() => Promise.resolve(null), 59);
    expect(await Promise.all([holds(), holds()])).toEqual([false, false]);
    expect(await holds()).toBe(false);
    expect(told).toEqual({ asked: 1, lost: 1 });
  });

  test("is said by a database that was away when it answers again", async () => {
    let away = true;
    const { told, holds } = keep(() => (away ? Promise.reject(new DatabaseAway("away")) : renewed()), 59);
    let said: boolean | undefined;
    const asking = holds().then((answer) => (said = answer));
    await expect.poll(() => told.asked, { timeout: 5_000 }).toBeGreaterThan(2);
    expect(said).toBeUndefined();
    away = false;
    expect(await asking).toBe(true);
  });

  test("is not waited for longer than the lease is held on to", async () => {
    const { told, holds } = keep(() => Promise.reject(new DatabaseAway("away")), 59, 60);
    expect(await holds()).toBe(false);
    expect(told.asked).toBeGreaterThan(1);
    expect(told.lost).toBe(1);
  });

  test("is false after its stop", async () => {
    const { told, holds } = keep(renewed, 59);
    await keeper?.stop();
    expect(await holds()).toBe(false);
    expect(told).toEqual({ asked: 0, lost: 0 });
  });
});
