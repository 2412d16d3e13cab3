import { expect, test } from "vitest";
import { createRandom } from "../seeded-random.ts";
import { chooseFaults } from "./all-faults.ts";
import { drawRounds, unknownWeights } from "./fault-weights.ts";
import { killingFaults } from "./killing-faults.ts";

const every = chooseFaults([], true);
const draw = (seed: string, count: number) => {
  const drawn = drawRounds(every, createRandom(seed));
  return Array.from({ length: count }, () => drawn.next().value.name);
};

test("every name that is weighed, or counted as a kill, is that of a fault", () => {
  expect(unknownWeights(every)).toEqual([]);
  const names = new Set(every.map(({ name }) => name));
  expect([...killingFaults].filter((name) => !names.has(name))).toEqual([]);
});

test("the same seed draws the same faults, another one others", () => {
  expect(draw("a", 200)).toEqual(draw("a", 200));
  expect(draw("a", 200)).not.toEqual(draw("b", 200));
});

test("in two rounds every kind comes, and a third of all are kills", () => {
  for (const seed of ["1", "2", "3", "4", "5"]) {
    const drawn = draw(seed, 200);
    expect(new Set(drawn).size).toBe(every.length);
    expect(drawn.filter((name) => killingFaults.has(name)).length).toBeGreaterThan(66);
  }
});
