import { expect, test } from "vitest";
import { createPhaseTimer } from "./phase-timer.ts";

test("a phase that did not happen is null, and what happens again adds up, in whole milliseconds", () => {
  const timer = createPhaseTimer();
  timer.add("steps", 1.4);
  timer.add("steps", 2.3);
  timer.add("compile", 0);
  expect(timer.timings({ queued: 3, total: 9 })).toEqual({
    ...{ queued: 3, sandbox_start: null, analyze: null, steps: 4, compile: 0, archive: null, total: 9 },
  });
});

test("times what goes well and what fails, and gives on how it ended", async () => {
  const timer = createPhaseTimer();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 12));
  expect(await timer.time("analyze", async () => `took ${String(await pause().then(() => "some"))}`)).toBe(
    "took some",
  );
  await expect(
    timer.time("archive", async () => {
      await pause();
      throw new Error("no room");
    }),
  ).rejects.toThrow("no room");
  const { analyze, archive } = timer.timings({ queued: null, total: null });
  for (const ms of [analyze, archive]) expect(ms).toBeGreaterThanOrEqual(11);
});

test("the next owner's timer goes on from what the former one had counted", () => {
  const former = createPhaseTimer();
  former.add("steps", 1.4);
  former.add("analyze", 7);
  const next = createPhaseTimer(former.spent());
  next.add("steps", 2.3);
  expect(next.timings({ queued: 3, total: 9 })).toMatchObject({ analyze: 7, steps: 4, archive: null });
  expect(next.spent()).toEqual({ analyze: 7, steps: 1.4 + 2.3 });
});
