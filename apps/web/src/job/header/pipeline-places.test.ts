import { describe, expect, test } from "vitest";
import type { StateMark } from "../history/job-history.ts";
import { pipelinePlaces } from "./pipeline-places.ts";

const mark = (status: StateMark["status"], node: StateMark["node"] = null): StateMark => ({
  ...{ at: 0, status, node, attempt: 1 },
});
const places = (status: StateMark["status"], node: StateMark["node"], ...marks: readonly StateMark[]) =>
  pipelinePlaces({ status, node, failure: null }, marks)
    .map(({ place, state }) => `${place} ${state}`)
    .join(", ");

describe("where a job stands", () => {
  test.each([
    [
      "waiting",
      "queued",
      null,
      [mark("queued")],
      "Queue current, Start todo, Plan todo, Steps todo, Archive todo",
    ],
    [
      ...(["being planned", "running", "analyze"] as const),
      [mark("queued"), mark("running"), mark("running", "analyze")],
      "Queue done, Start done, Plan current, Steps todo, Archive todo",
    ],
    [
      ...(["running given steps", "running", "python"] as const),
      [mark("queued"), mark("running"), mark("running", "python")],
      "Queue done, Start done, Plan skipped, Steps current, Archive todo",
    ],
  ] as const)("%s", (_, status, node, marks, expected) => {
    expect(places(status, node, ...marks)).toBe(expected);
  });
});

describe("where a job stood when it", () => {
  test("succeeded: at the end of all", () => {
    const marks = [mark("running", "shell"), mark("running", "compile"), mark("succeeded")];
    expect(places("succeeded", null, mark("queued"), mark("running"), ...marks)).toBe(
      "Queue done, Start done, Plan skipped, Steps done, Archive done",
    );
  });

  test("failed: at what failed, though its archive was written", () => {
    const marks = [mark("running", "shell"), mark("running", "compile"), mark("failed")];
    expect(places("failed", null, mark("queued"), mark("running"), ...marks)).toBe(
      "Queue done, Start done, Plan skipped, Steps stopped, Archive skipped",
    );
  });

  test("was cancelled in the queue: there", () => {
    expect(places("cancelled", null, mark("queued"), mark("cancelled"))).toBe(
      "Queue stopped, Start skipped, Plan skipped, Steps skipped, Archive skipped",
    );
  });

  test("failed in a step that no plan repaired: at the steps", () => {
    const failure = { code: "step_failed" as const, message: "", retryable: false, step: 1 };
    const marks = [mark("queued"), mark("running"), mark("running", "shell"), mark("running", "analyze")];
    const stopped = pipelinePlaces({ status: "failed", node: null, failure }, marks);
    expect(stopped.find(({ state }) => state === "stopped")?.place).toBe("Steps");
  });
});
