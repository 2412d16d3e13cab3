import { expect, test } from "vitest";
import { createAttemptRegistry } from "./attempt-registry.ts";
import type { StopReason } from "./stop-reason.ts";

function registryOf(...ids: readonly string[]) {
  const registry = createAttemptRegistry();
  const stops: [string, StopReason][] = [];
  const releases = ids.map((jobId) =>
    registry.add({ jobId, attempt: 2, stop: (reason) => void stops.push([jobId, reason]) }),
  );
  return { registry, stops, releases };
}

test("knows what runs, by job and attempt, until it is taken out", () => {
  const { registry, releases } = registryOf("a", "b");
  expect([registry.count(), registry.has("a", 2), registry.has("a", 1), registry.has("c", 2)]).toEqual([
    2,
    true,
    false,
    false,
  ]);
  releases[0]?.();
  releases[0]?.();
  expect([registry.count(), registry.has("a", 2)]).toEqual([1, false]);
});

test("stops the attempts of one job, or all", () => {
  const { registry, stops } = registryOf("a", "b");
  registry.stop("b", "cancelled");
  registry.stop("unknown", "cancelled");
  expect(stops).toEqual([["b", "cancelled"]]);
  registry.stopAll("shutdown");
  expect(stops.slice(1)).toEqual([
    ["a", "shutdown"],
    ["b", "shutdown"],
  ]);
});

test("hands on when a cancel was asked for, and knows what it must not take from itself", () => {
  const registry = createAttemptRegistry();
  const stops: (Date | undefined)[] = [];
  const release = registry.add({ jobId: "a", attempt: 1, stop: (_, at) => void stops.push(at) });
  const at = new Date("2026-01-01T00:00:00Z");
  registry.stop("a", "cancelled", at);
  expect(stops).toEqual([at]);
  expect(registry.jobIds()).toEqual(["a"]);
  release();
  expect(registry.jobIds()).toEqual([]);
});

test("is idle at once where nothing runs, and otherwise when the last one is out", async () => {
  const { registry, releases } = registryOf("a", "b");
  expect(await createAttemptRegistry().idle(10_000)).toBe(true);
  let settled = false;
  const idle = registry.idle(10_000).then((value) => {
    settled = true;
    return value;
  });
  releases[0]?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  releases[1]?.();
  expect(await idle).toBe(true);
});

test("is not idle where the bound is over first, to everyone who waits", async () => {
  const { registry, releases } = registryOf("a");
  const longer = registry.idle(10_000);
  expect(await registry.idle(20)).toBe(false);
  releases[0]?.();
  expect(await longer).toBe(true);
});
