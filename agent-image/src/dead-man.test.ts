import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createDeadMan, longestIdleMs } from "./dead-man.ts";

let silent: number;
beforeEach(() => {
  vi.useFakeTimers();
  silent = 0;
});
afterEach(() => void vi.useRealTimers());
const create = () => createDeadMan(() => (silent += 1));

test("with a Job it is over at the bound that the Job came with, counted from the last word, and not before", () => {
  const deadMan = create();
  deadMan.setBound(1_000);
  vi.advanceTimersByTime(999);
  deadMan.heard();
  vi.advanceTimersByTime(999);
  expect(silent).toBe(0);
  vi.advanceTimersByTime(1);
  expect(silent).toBe(1);
});

test("before its Job a Sandbox waits half an hour, whatever it has heard", () => {
  const deadMan = create();
  vi.advanceTimersByTime(5_000);
  deadMan.heard();
  vi.advanceTimersByTime(longestIdleMs - 1);
  expect(silent).toBe(0);
  vi.advanceTimersByTime(1);
  expect(silent).toBe(1);
});

test("a word that comes after the bound, and is heard before the timer, is too late", () => {
  const deadMan = create();
  deadMan.setBound(1_000);
  // A frozen process goes on: its clock has too, and no timer was looked at yet.
  vi.spyOn(performance, "now").mockReturnValueOnce(performance.now() + 1_001);
  deadMan.heard();
  expect(silent).toBe(1);
});

test("a bound beyond what a timer can count is as long as it can be", () => {
  create().setBound(2 ** 40);
  vi.advanceTimersByTime(longestIdleMs);
  expect(silent).toBe(0);
});
