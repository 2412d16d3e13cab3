import { expect, test } from "vitest";
import { createEventSignals } from "./event-signals.ts";

const never = new AbortController().signal;

test("a signal wakes the readers of its job, and no others", async () => {
  const signals = createEventSignals();
  const [mine, same, other] = [signals.subscribe("a"), signals.subscribe("a"), signals.subscribe("b")];
  const waits = [mine.next(1_000, never), same.next(1_000, never), other.next(20, never)];
  signals.tell("a");
  expect(await Promise.all(waits)).toEqual(["signal", "signal", "time"]);
});

test("a signal that comes while the reader is reading is not lost", async () => {
  const signals = createEventSignals();
  const reader = signals.subscribe("a");
  signals.tell("a");
  signals.tell("a");
  expect(await reader.next(1_000, never)).toBe("signal");
  expect(await reader.next(10, never)).toBe("time");
});

test("a gap wakes everybody", async () => {
  const signals = createEventSignals();
  const waits = ["a", "b"].map((job) => signals.subscribe(job).next(1_000, never));
  signals.tellAll();
  expect(await Promise.all(waits)).toEqual(["signal", "signal"]);
});

test("a reader that stops waits no more, and one that is closed hears nothing", async () => {
  const signals = createEventSignals();
  const stop = new AbortController();
  const reader = signals.subscribe("a");
  const waiting = reader.next(10_000, stop.signal);
  stop.abort();
  expect(await waiting).toBe("stopped");
  expect(await reader.next(10_000, stop.signal)).toBe("stopped");
  reader.close();
  signals.tell("a");
  expect(await reader.next(10, never)).toBe("time");
});
