import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDeadMan, longestIdleMs, longestSilenceMs } from "./dead-man.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("ten minutes after the last word of a worker it is over, and not before", () => {
  let silent = 0;
  const deadMan = createDeadMan(() => (silent += 1));
  deadMan.heard();
  vi.advanceTimersByTime(longestSilenceMs - 1);
  deadMan.heard();
  vi.advanceTimersByTime(longestSilenceMs - 1);
  expect(silent).toBe(0);
  vi.advanceTimersByTime(1);
  expect(silent).toBe(1);
});

test("a warm Sandbox, which has heard nothing yet, waits longer", () => {
  let silent = 0;
  createDeadMan(() => (silent += 1));
  vi.advanceTimersByTime(longestIdleMs - 1);
  expect(silent).toBe(0);
  vi.advanceTimersByTime(1);
  expect(silent).toBe(1);
});
