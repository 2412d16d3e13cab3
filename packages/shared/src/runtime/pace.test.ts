import { expect, test } from "vitest";
import { createPace, type PaceBounds } from "./pace.ts";

const bounds: PaceBounds = { perSecond: 100, burst: 50 };

/** What happens when somebody does it as often as he is let for so long, on a clock of the test's. */
function timesIn(ms: number, pace = paced(bounds)): number {
  const until = pace.clock.at + ms;
  let times = 0;
  for (;;) {
    pace.clock.at += pace.take();
    if (pace.clock.at > until) return times;
    times += 1;
  }
}

function paced(of: PaceBounds) {
  const clock = { at: 1_000 };
  return { clock, take: createPace(of, () => clock.at).take };
}

test("so many happen at once, and from then on so many a second", () => {
  const { take } = paced(bounds);
  expect(Array.from({ length: bounds.burst }, () => take()).every((wait) => wait === 0)).toBe(true);
  expect(timesIn(10_000)).toBeGreaterThanOrEqual(1_048);
  expect(timesIn(10_000)).toBeLessThanOrEqual(1_053);
});

test("a rate of thousands is kept, though no wait is as short as that", () => {
  const many = { perSecond: 5_000, burst: 5_000 };
  expect(timesIn(10_000, paced(many))).toBeGreaterThan(54_800);
  expect(timesIn(10_000, paced(many))).toBeLessThan(55_200);
});

test("who stays below it never waits, and has the whole burst again after a pause", () => {
  const pace = paced(bounds);
  timesIn(2_000, pace);
  pace.clock.at += 1_000;
  for (let turn = 0; turn < 500; turn += 1) {
    pace.clock.at += 11;
    expect(pace.take()).toBe(0);
  }
  pace.clock.at += 1_000;
  expect(Array.from({ length: bounds.burst }, () => pace.take()).every((wait) => wait === 0)).toBe(true);
});

test("several turns at once cost what they would one by one", () => {
  const { take } = paced(bounds);
  expect(take(bounds.burst)).toBe(0);
  expect(take(30)).toBeCloseTo(300);
});
