import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createPacedTurns } from "./paced-turns.ts";

const bounds = { perSecond: 2, burst: 4 };

/** Turns, who had one, and how often somebody had to wait. */
function pacedTurns() {
  const served: string[] = [];
  const slowed: number[] = [];
  const turns = createPacedTurns(bounds, () => void slowed.push(served.length));
  const take = (name: string): PassThrough => {
    const taker = new PassThrough();
    turns.take(taker, () => void served.push(name));
    return taker;
  };
  return { take, served, slowed };
}

test("turns are given at once while the rate is kept, and in order, later, where it is not", async () => {
  const { take, served, slowed } = pacedTurns();
  const names = ["a", "b", "c", "d", "e", "f"];
  const began = performance.now();
  for (const name of names) take(name);
  expect(served).toEqual(["a", "b", "c", "d"]);
  await expect.poll(() => served, { timeout: 10_000 }).toEqual(names);
  expect(performance.now() - began).toBeGreaterThan(900);
  expect(slowed[0]).toBe(bounds.burst);
});

test("who goes before its turn has none, and costs the next one none", async () => {
  const { take, served } = pacedTurns();
  for (const name of ["a", "b", "c", "d"]) take(name);
  const began = performance.now();
  for (const taker of Array.from({ length: 100 }, () => take("gone"))) taker.destroy();
  take("e");
  await expect.poll(() => served, { timeout: 10_000 }).toEqual(["a", "b", "c", "d", "e"]);
  // The hundred would have had 50 s.
  expect(performance.now() - began).toBeLessThan(5_000);
});

test("a turn that nobody wants any more is the next one's", async () => {
  const { take, served } = pacedTurns();
  for (const name of ["a", "b", "c", "d"]) take(name);
  const began = performance.now();
  for (let time = 0; time < 50; time += 1) {
    const taker = take("gone");
    taker.destroy();
    await new Promise((resolve) => taker.once("close", resolve));
  }
  take("e");
  await expect.poll(() => served, { timeout: 10_000 }).toEqual(["a", "b", "c", "d", "e"]);
  expect(performance.now() - began).toBeLessThan(5_000);
});
