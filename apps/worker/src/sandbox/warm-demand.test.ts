import { describe, expect, it } from "vitest";
import { createWarmDemand, type WarmDemandOptions } from "./warm-demand.ts";

const usual = { cpus: 1, memory_mb: 64, pids: 16, disk_mb: 1 };
const large = { ...usual, disk_mb: 2 };
const larger = { ...usual, disk_mb: 3 };
const minuteMs = 60_000;

/** A demand whose shapes are the sizes of the disk, at a time that the test sets. */
function createDemand(settings: Partial<WarmDemandOptions> = {}) {
  let nowMs = 1_000_000;
  const demand = createWarmDemand({
    ...{ size: 1, most: 4, usual, now: () => nowMs },
    shapeOf: ({ disk_mb }) => String(disk_mb),
    ...settings,
  });
  return {
    note: demand.note,
    targets: demand.targets,
    pass: (ms: number) => void (nowMs += ms),
    /** How many of which disk are to be ready. */
    counts: () => Object.fromEntries(demand.targets().map(({ shape, count }) => [shape, count])),
  };
}

describe("createWarmDemand", () => {
  it("wants its size of what Jobs usually need, until Jobs have come", () => {
    expect(createDemand({ size: 3 }).targets()).toEqual([{ shape: "1", limits: usual, count: 3 }]);
  });

  it("wants as many as came at once, up to what can run at once, and its size again when that is ten minutes ago", () => {
    const { note, counts, pass } = createDemand();
    for (let count = 0; count < 3; count += 1) note(usual);
    expect(counts()).toEqual({ 1: 3 });
    for (let count = 0; count < 20; count += 1) note(usual);
    expect(counts()).toEqual({ 1: 4 });
    pass(9 * minuteMs);
    note(usual);
    expect(counts()).toEqual({ 1: 4 });
    pass(2 * minuteMs);
    expect(counts()).toEqual({ 1: 1 });
  });

  it("does not take Jobs that come one after the other for a burst", () => {
    const { note, counts, pass } = createDemand();
    for (let count = 0; count < 10; count += 1) {
      note(usual);
      pass(2_000);
    }
    expect(counts()).toEqual({ 1: 1 });
  });

  it("wants another shape from its second Job on, in the place of the usual one where nobody needs that", () => {
    const { note, counts, targets, pass } = createDemand();
    note(large);
    expect(counts()).toEqual({ 1: 1 });
    pass(minuteMs);
    note({ ...large, cpus: 2 });
    expect(targets()).toEqual([{ shape: "2", limits: { ...large, cpus: 2 }, count: 1 }]);
    note(usual);
    expect(counts()).toEqual({ 1: 1, 2: 1 });
    pass(11 * minuteMs);
    expect(counts()).toEqual({ 1: 1 });
  });

  it("shares what may be ready among the shapes that are needed, in turn", () => {
    const { note, counts } = createDemand({ size: 2 });
    for (let count = 0; count < 8; count += 1) note(usual);
    for (let count = 0; count < 8; count += 1) note(large);
    for (let count = 0; count < 2; count += 1) note(larger);
    expect(counts()).toEqual({ 3: 2, 2: 1, 1: 1 });
  });

  it("remembers no more than some shapes of a caller who asks for ever others", () => {
    const { note, counts } = createDemand({ most: 200 });
    for (let count = 0; count < 2; count += 1)
      for (let disk_mb = 10; disk_mb < 110; disk_mb += 1) note({ ...usual, disk_mb });
    expect(counts()).toEqual({ 1: 1 });
  });

  it("wants nothing with the size 0, whatever Jobs come", () => {
    const { note, targets } = createDemand({ size: 0 });
    for (let count = 0; count < 8; count += 1) note(usual);
    expect(targets()).toEqual([]);
  });
});
