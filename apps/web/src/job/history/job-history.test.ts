import type { JobEvent } from "@longshore/client";
import { expect, test } from "vitest";
import { applyEvent, noHistory } from "./job-history.ts";

const time = (second: number) => `2026-01-01T00:00:0${String(second)}.000Z`;
const state = (second: number, attempt: number) => ({
  type: "state",
  data: { seq: second, time: time(second), status: "running", node: "shell", attempt },
});
const plan = (second: number) => ({
  type: "plan",
  data: {
    ...{ seq: second, time: time(second), source: "model", turns: 1 },
    steps: [1, 2, 3].map((index) => ({
      ...{ index, kind: "shell", name: null, status: "pending", exit_code: null },
      ...{ started_at: null, duration_ms: null },
    })),
  },
});
const step = (second: number, index: number, status: string, exit: number | null) => ({
  type: "step",
  data: {
    ...{ seq: second, time: time(second), attempt: 1, index, kind: "shell", status },
    ...{ exit_code: exit, duration_ms: exit === null ? null : 500 },
  },
});
// safety: in the form of the service's events.
const historyOf = (...events: readonly object[]) => (events as JobEvent[]).reduce(applyEvent, noHistory);

test("of a plan that was repaired, what had not begun is skipped", () => {
  const { turns } = historyOf(
    state(0, 1),
    plan(1),
    step(2, 1, "succeeded", 0),
    step(3, 2, "failed", 3),
    plan(4),
  );
  expect(turns[0]?.steps.map(({ status }) => status)).toEqual(["succeeded", "failed", "skipped"]);
  expect(turns[1]?.steps.map(({ status }) => status)).toEqual(["pending", "pending", "pending"]);
});

test("a step that ran in an attempt that was given up ended with it", () => {
  const { turns } = historyOf(state(0, 1), plan(1), step(2, 1, "running", null), state(5, 2), plan(7));
  expect(turns[0]?.steps[0]).toMatchObject({ status: "failed", exitCode: null, to: Date.parse(time(5)) });
  expect(turns[0]?.steps[1]).toMatchObject({ status: "skipped", from: null });
});
