import { expect, test } from "vitest";
import { isTerminal, jobStatuses, mayBecome, terminalStatuses, transitions } from "./job-state.ts";

test("a Job goes from queued through running to one of three ends, and back to queued for its next Attempt", () => {
  const allowed = jobStatuses.flatMap((from) =>
    jobStatuses.filter((to) => mayBecome(from, to)).map((to) => `${from} → ${to}`),
  );
  expect(allowed).toEqual([
    "queued → running",
    "queued → cancelled",
    "running → queued",
    "running → succeeded",
    "running → failed",
    "running → cancelled",
  ]);
});

test("exactly the statuses that lead nowhere are terminal", () => {
  expect(jobStatuses.filter(isTerminal)).toEqual([...terminalStatuses]);
});

test("the list of statuses and the table of transitions have the same ones", () => {
  expect([...jobStatuses].toSorted()).toEqual(Object.keys(transitions).toSorted());
});

test("from every status that is not terminal a terminal one can be reached", () => {
  for (const status of jobStatuses.filter((each) => !isTerminal(each)))
    expect(jobStatuses.some((to) => isTerminal(to) && mayBecome(status, to))).toBe(true);
});
