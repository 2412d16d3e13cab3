import { createLogger } from "@longshore/shared/runtime/logger";
import { expect, test } from "vitest";
import { createAttemptRegistry } from "./attempt/attempt-registry.ts";
import type { StopReason } from "./attempt/stop-reason.ts";
import { letGo, type StopMode } from "./let-go.ts";

function workerWith(...ids: readonly string[]) {
  const registry = createAttemptRegistry();
  const told: (readonly [string, StopReason])[] = [];
  const ends = new Map<string, () => void>();
  for (const jobId of ids) {
    const stop = (reason: StopReason) => {
      told.push([jobId, reason]);
      ends.get(jobId)?.();
    };
    ends.set(jobId, registry.add({ jobId, attempt: 1, stop }));
  }
  const { promise: askedAgain, resolve: askAgain } = Promise.withResolvers<void>();
  let taking = true;
  const consumer = {
    stopTaking: () => {
      taking = false;
      return Promise.resolve();
    },
  };
  const deps = { registry, consumer, askedAgain, logger: createLogger("test", "silent") };
  return {
    ...{ told, askAgain, registry },
    end: (id: string) => ends.get(id)?.(),
    taking: () => taking,
    letGo: (mode: StopMode, graceMs: number) => letGo(deps, { mode, graceMs }),
  };
}

test.each([
  ["hand-over", "hand_over"],
  ["requeue", "shutdown"],
] as const)("%s: what has not ended within the grace time is stopped as %s", async (mode, reason) => {
  const worker = workerWith("short", "long");
  const gone = worker.letGo(mode, 300);
  worker.end("short");
  expect(worker.told).toEqual([]);
  await gone;
  expect(worker.taking()).toBe(false);
  expect(worker.told).toEqual([["long", reason]]);
});

test("what ends within the grace time is not stopped, and nothing waits for the rest of it", async () => {
  const worker = workerWith("a");
  const startedAt = performance.now();
  const gone = worker.letGo("hand-over", 60_000);
  worker.end("a");
  await gone;
  expect(worker.told).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("drain: nothing is stopped, and it is over when the last one has ended", async () => {
  const worker = workerWith("a", "b");
  let over = false;
  const gone = worker.letGo("drain", 0).then(() => (over = true));
  worker.end("a");
  await new Promise((resolve) => setImmediate(resolve));
  expect([worker.taking(), over, worker.told]).toEqual([false, false, []]);
  worker.end("b");
  await gone;
  expect(worker.told).toEqual([]);
});

test("drain that is asked for once more is a hand-over", async () => {
  const worker = workerWith("a");
  const gone = worker.letGo("drain", 0);
  worker.askAgain();
  await gone;
  expect(worker.told).toEqual([["a", "hand_over"]]);
});
