import { expect, test } from "vitest";
import { cpuProfile } from "./cpu-profile.ts";
import { drawFlameChart } from "./draw-flame-chart.ts";
import { flameFrames } from "./flame-frames.ts";

const call = (id: number, functionName: string, children: readonly number[] = []) => ({
  id,
  children,
  callFrame: { functionName, url: "file:///app/src/main.ts", lineNumber: 9, columnNumber: 0 },
});
/** 10 ms: 4 in `work` of which 3 in `inner`, 1 in `rare`, 5 idle. */
const profile = cpuProfile.parse({
  nodes: [
    call(1, "(root)", [2, 3, 5]),
    call(2, "(idle)"),
    call(3, "work", [4]),
    call(4, "inner"),
    call(5, "rare"),
  ],
  samples: [2, 3, 4, 4, 5],
  timeDeltas: [5_000, 1_000, 2_000, 1_000, 1_000],
});

test("frames lie on what called them, the longest first, without the time in which the process waited", () => {
  const frames = flameFrames(profile, 0);
  expect(frames.map(({ name, depth, from, to }) => [name.split(" ")[0], depth, from, to])).toEqual([
    ["(root)", 0, 0, 5],
    ["work", 1, 0, 4],
    ["inner", 2, 0, 3],
    ["rare", 1, 4, 5],
  ]);
  expect(frames[1]?.name).toBe("work src/main.ts:10");
});

test("what took less than the least share is left out", () => {
  expect(flameFrames(profile, 0.5).map(({ name }) => name.split(" ")[0])).toEqual([
    "(root)",
    "work",
    "inner",
  ]);
});

test("the chart names what there is room for", () => {
  const svg = drawFlameChart("api", flameFrames(profile, 0));
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain("inner src/main.ts:10, 3.0 ms");
});
