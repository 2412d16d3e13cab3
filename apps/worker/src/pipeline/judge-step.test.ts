import type { Step } from "@longshore/shared/contracts/step";
import { describe, expect, test } from "vitest";
import { judgeFailedStep, type StepFinished, stepRemarks } from "./judge-step.ts";

const step: Step = { kind: "shell", command: "x", continue_on_error: false, timeout_seconds: 4 };

function endOf(changes: Partial<StepFinished>): StepFinished {
  return {
    ...{ type: "step_finished", index: 2, exit_code: 1, timed_out: false, sigkilled: false, oom_kills: 0 },
    ...{ disk_full: false, note: null, duration_ms: 1 },
    ...changes,
  };
}

describe("a step that failed", () => {
  test.each([
    ["by its own exit code", {}, "step_failed", /^step 2 \(shell\) failed: it exited with code 1$/],
    [
      "by SIGKILL that nobody but itself sent",
      { exit_code: 137, sigkilled: true },
      "step_failed",
      /code 137/,
    ],
    [
      "over its time",
      { exit_code: null, timed_out: true, sigkilled: true },
      "step_failed",
      /timeout_seconds of 4/,
    ],
    [
      "over its time and out of memory too",
      { timed_out: true, oom_kills: 1 },
      "step_failed",
      /timeout_seconds/,
    ],
    ["where a process was killed for memory", { oom_kills: 2 }, "out_of_memory", /raise limits\.memory_mb/],
    ["out of memory on a full disk", { oom_kills: 1, disk_full: true }, "out_of_memory", /memory/],
    ["on a full disk", { disk_full: true }, "disk_full", /raise limits\.disk_mb/],
    [
      "because it could not be run",
      { note: "there is no such program" },
      "step_failed",
      /: there is no such program$/,
    ],
  ] as const)("%s is told as %j", (_, changes, code, message) => {
    const failure = judgeFailedStep(step, endOf(changes));
    expect(failure).toEqual({ code, step: 2, message: expect.stringMatching(message) as string });
  });

  test("is called by its name where it has one", () => {
    expect(judgeFailedStep({ ...step, name: "tests" }, endOf({})).message).toMatch(
      /^step 2 \(shell, tests\) failed/,
    );
  });
});

test("the log is told what a step's exit code does not say", () => {
  expect(stepRemarks(endOf({ exit_code: 0 }))).toEqual([]);
  expect(stepRemarks(endOf({ exit_code: 0, oom_kills: 1 }))).toEqual([
    expect.stringMatching(/^a process was killed for memory/),
  ]);
  const all = stepRemarks(endOf({ note: "a note", timed_out: true, oom_kills: 3, disk_full: true }));
  expect(all).toEqual([
    "a note",
    expect.stringContaining("timeout_seconds"),
    expect.stringContaining("3 processes were killed for memory"),
    expect.stringContaining("full"),
  ]);
});
