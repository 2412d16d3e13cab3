import { DatabaseAway } from "@longshore/shared/db/database-away";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, describe, expect, test } from "vitest";
import { keepLease, type LeaseKeeper } from "./keep-lease.ts";

const logger = createLogger("test", "fatal");
const leaseSeconds = 0.8;
const leaseMs = leaseSeconds * 1_000;
const soon = { timeout: leaseMs * 4, interval: 10 };

describe("the keeper of a lease", () => {
  let keeper: LeaseKeeper | undefined;
  afterEach(() => keeper?.stop());

  const keep = (renew: (boundMs: number) => Promise<{ cancelRequested: boolean } | null>) => {
    const told = { lost: 0, lostAfterMs: 0, cancels: 0, renewals: 0 };
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
      onCancelRequested: () => {
        told.cancels += 1;
      },
    });
    return told;
  };

  test("renews it several times in its length, and is quiet while that works", async () => {
    const told = keep(() => Promise.resolve({ cancelRequested: false }));
    await expect.poll(() => told.renewals, soon).toBeGreaterThan(10);
    expect(told).toMatchObject({ lost: 0, cancels: 0 });
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
    ["goes on where nobody took it", { cancelRequested: false }, 0],
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
      return asked < 5 ? Promise.reject(new Error("away")) : Promise.resolve({ cancelRequested: false });
    });
    await expect.poll(() => told.renewals, soon).toBeGreaterThan(12);
    expect(told.lost).toBe(0);
  });

  test("hands on that a cancel was asked for, and keeps the lease for the end to be written", async () => {
    const told = keep(() => Promise.resolve({ cancelRequested: true }));
    await expect.poll(() => told.cancels, soon).toBeGreaterThan(1);
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
