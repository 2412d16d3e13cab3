import { expect, test } from "vitest";
import { createGatherer, type GatherOptions } from "./gather.ts";

/** A gatherer of numbers that doubles them, each time when it is told to. */
const setUp = (options: Partial<GatherOptions<number, number>> = {}) => {
  const begun: { readonly items: readonly number[]; readonly end: (error?: Error) => void }[] = [];
  const gather = createGatherer<number, number>({
    most: 3,
    ...options,
    perform: (items) =>
      new Promise((resolve, reject) => {
        const double = () => resolve(items.map((item) => item * 2));
        begun.push({ items, end: (error) => (error === undefined ? double() : reject(error)) });
      }),
  });
  return { gather, begun, seen: () => begun.map(({ items }) => items) };
};

test("one that comes alone is dealt with at once", async () => {
  const { gather, begun, seen } = setUp();
  const outcome = gather(1);
  expect(seen()).toEqual([[1]]);
  begun[0]?.end();
  expect(await outcome).toBe(2);
});

test("what comes meanwhile goes together, no more at once than may, and each has its own outcome", async () => {
  const { gather, begun, seen } = setUp();
  const outcomes = [1, 2, 3, 4, 5].map(gather);
  begun[0]?.end();
  await expect.poll(seen).toEqual([[1], [2, 3, 4]]);
  begun[1]?.end();
  await expect.poll(seen).toEqual([[1], [2, 3, 4], [5]]);
  begun[2]?.end();
  expect(await Promise.all(outcomes)).toEqual([2, 4, 6, 8, 10]);
});

test("a failure is of those alone that were dealt with together", async () => {
  const { gather, begun, seen } = setUp();
  const outcomes = Promise.allSettled([1, 2, 3].map(gather));
  begun[0]?.end(new Error("not now"));
  await expect.poll(seen).toEqual([[1], [2, 3]]);
  begun[1]?.end();
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
});

test("with two lanes a second is dealt with beside the first", async () => {
  const { gather, begun, seen } = setUp({ lanes: 2 });
  const outcomes = [1, 2, 3].map(gather);
  expect(seen()).toEqual([[1], [2]]);
  begun[1]?.end();
  await expect.poll(seen).toEqual([[1], [2], [3]]);
  begun[0]?.end();
  begun[2]?.end();
  expect(await Promise.all(outcomes)).toEqual([2, 4, 6]);
});

test("what comes does not wait for one that takes too long, which is dealt with all the same", async () => {
  const { gather, begun, seen } = setUp({ overdueMs: 50 });
  const outcomes = [1, 2, 3].map(gather);
  expect(seen()).toEqual([[1]]);
  await expect.poll(seen).toEqual([[1], [2, 3]]);
  const next = gather(4);
  begun[1]?.end();
  await expect.poll(seen).toEqual([[1], [2, 3], [4]]);
  begun[2]?.end();
  begun[0]?.end();
  expect(await Promise.all([...outcomes, next])).toEqual([2, 4, 6, 8]);
  // Whoever was late is not counted twice.
  const last = [5, 6].map(gather);
  expect(seen().slice(3)).toEqual([[5]]);
  begun[3]?.end();
  await expect.poll(() => seen().slice(3)).toEqual([[5], [6]]);
  begun[4]?.end();
  expect(await Promise.all(last)).toEqual([10, 12]);
});

test("who has waited for too long is not dealt with any more", async () => {
  // So long that the first one, which does not wait, is surely begun.
  const patienceMs = 200;
  const { gather, begun, seen } = setUp({ patienceMs, giveUp: () => new Error("too late") });
  const outcomes = Promise.allSettled([1, 2].map(gather));
  const began = performance.now();
  await expect.poll(() => performance.now() - began).toBeGreaterThan(patienceMs);
  begun[0]?.end();
  expect((await outcomes)[1]).toMatchObject({ reason: { message: "too late" } });
  expect(seen()).toEqual([[1]]);
});

test("where as many wait as may, the next is not dealt with, and told so at once", async () => {
  const { gather, begun, seen } = setUp({ mostWaiting: 2, giveUp: () => new Error("too many") });
  const outcomes = [1, 2, 3].map(gather);
  await expect(gather(4)).rejects.toThrow("too many");
  begun[0]?.end();
  await expect.poll(seen).toEqual([[1], [2, 3]]);
  const next = gather(5);
  begun[1]?.end();
  await expect.poll(seen).toEqual([[1], [2, 3], [5]]);
  begun[2]?.end();
  expect(await Promise.all([...outcomes, next])).toEqual([2, 4, 6, 10]);
});
