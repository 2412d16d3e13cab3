import { describe, expect, test } from "vitest";
import type { PlayedJob } from "../load/play-client.ts";
import { drawJob } from "../load/job-programs.ts";
import { createRandom } from "../seeded-random.ts";
import { faultOfLog } from "./check-log.ts";
import { faultOfStates } from "./check-states.ts";
import { findOverlaps } from "./find-overlaps.ts";
import type { ObservedEvent } from "./observe-database.ts";

const event = (more: Partial<ObservedEvent>, index: number): ObservedEvent => ({
  ...{ seq: index + 1, type: "log", attempt: 1, step: 1, stream: "stdout" },
  ...{ text: null, continued: false, body: null },
  ...more,
});

describe("the checker of the chaos suite sees what is wrong", () => {
  const states = (...path: readonly (readonly [string, number])[]) =>
    faultOfStates(
      path.map(([status, attempt], index) =>
        event({ type: "state", stream: null, body: { status, attempt } }, index),
      ),
    );

  test("a path of states that the table of transitions has, is well", () => {
    expect(
      states(["queued", 1], ["running", 1], ["running", 1], ["queued", 2], ["running", 2], ["succeeded", 2]),
    ).toBeNull();
    expect(states(["queued", 1], ["cancelled", 1])).toBeNull();
  });

  test.each([
    [
      "an attempt that is left out",
      [
        ["queued", 1],
        ["running", 1],
        ["queued", 3],
      ],
    ],
    [
      "an end that is followed by another",
      [
        ["queued", 1],
        ["running", 1],
        ["failed", 1],
        ["succeeded", 1],
      ],
    ],
    ["a job that runs before it was queued", [["running", 1]]],
    [
      "an end in another attempt than the one that ran",
      [
        ["queued", 1],
        ["running", 1],
        ["succeeded", 2],
      ],
    ],
    [
      "a job that succeeds without having run",
      [
        ["queued", 1],
        ["succeeded", 1],
      ],
    ],
  ] as const)("%s is wrong", (_, path) => {
    expect(states(...path)).not.toBeNull();
  });

  const random = createRandom("checker");
  let job = drawJob(random);
  while (job.kind !== "slow") job = drawJob(random);
  const logFault = (lines: readonly string[], status: string, attempt = 1) => {
    const view = { status, attempt, failure: null, output: null, created_at: "", finished_at: "" };
    const played = { job, end: { status, at: 0, view } } as unknown as PlayedJob;
    return faultOfLog(
      played,
      lines.map((text, index) => event({ text, attempt }, index)),
    );
  };

  test("a log is well where it is what the programs print, or the first part of it in an attempt that was cut off", () => {
    expect(logFault(job.lines, "succeeded")).toBeNull();
    expect(logFault(job.lines.slice(0, 7), "cancelled")).toBeNull();
  });

  test.each([
    ["a line that is missing in the middle", job.lines.toSpliced(5, 1)],
    ["a line that is there twice", job.lines.toSpliced(5, 0, job.lines[5] ?? "")],
    ["two lines in the wrong order", job.lines.toSpliced(5, 2, job.lines[6] ?? "", job.lines[5] ?? "")],
    ["a line of another job", job.lines.with(3, "what somebody else printed")],
    ["a last line that is missing", job.lines.slice(0, -1)],
    ["no line at all", []],
  ])("%s is wrong in a job that succeeded", (_, lines) => {
    expect(logFault(lines, "succeeded")).not.toBeNull();
  });

  test("two containers that run at once are seen, also where one runs still; one after the other is well", () => {
    const a = { container: "a", from: 100, to: 200 };
    expect(findOverlaps([a, { container: "b", from: 200, to: null }], 500)).toEqual([]);
    expect(findOverlaps([a, { container: "b", from: 150, to: null }], 500)).toEqual([
      { first: "a", second: "b", ms: 50 },
    ]);
    expect(
      findOverlaps(
        [
          { container: "b", from: 400, to: 450 },
          { ...a, to: null },
        ],
        500,
      ).map(({ ms }) => ms),
    ).toEqual([50]);
  });

  test("a container that was paused and goes on does not overlap with itself", () => {
    const again = [100, 300].map((from) => ({ container: "a", from, to: from + 100 }));
    expect(findOverlaps(again, 500)).toEqual([]);
  });
});
