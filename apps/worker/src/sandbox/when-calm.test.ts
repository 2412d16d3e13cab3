import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWhenCalm } from "./when-calm.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const setUp = (afterMs: number, atMostMs: number) => {
  let times = 0;
  return { calm: createWhenCalm(() => (times += 1), { afterMs, atMostMs }), times: () => times };
};

test("what is asked for several times is done once, when nothing has come for a while", () => {
  const { calm, times } = setUp(100, 1_000);
  for (let count = 0; count < 3; count += 1) {
    calm.ask();
    vi.advanceTimersByTime(99);
  }
  expect(times()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(times()).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(times()).toBe(1);
});

test("where it never gets calm, it is done all the same", () => {
  const { calm, times } = setUp(100, 1_000);
  for (let count = 0; count < 25; count += 1) {
    calm.ask();
    vi.advanceTimersByTime(90);
  }
  expect(times()).toBe(2);
});

test("it is done at once where there is nothing to wait for, and never once stopped", () => {
  const now = setUp(0, 0);
  now.calm.ask();
  expect(now.times()).toBe(1);
  const { calm, times } = setUp(100, 1_000);
  calm.ask();
  calm.stop();
  calm.ask();
  vi.advanceTimersByTime(10_000);
  expect(times()).toBe(0);
});
