import { describe, expect, test } from "vitest";
import { explore } from "./explore.ts";
import { type Rules, theRules } from "./state.ts";

/**
 * A model of how an Attempt changes hands, checked over all interleavings: two workers, one Job, an engine whose container
 * names are a mutex, a Lease with an epoch, an agent that heeds the highest epoch. Each call takes effect at some time, or
 * never; a worker may be killed, frozen and left without an answer between any two of them; a cancel may come at any time.
 * `LONGSHORE_MODEL_DISTURBANCES=3` looks further (over a million states, two minutes).
 */
const disturbances = Number(process.env["LONGSHORE_MODEL_DISTURBANCES"] ?? 2);

describe("an Attempt that changes hands", () => {
  test("in any order of events runs its Steps once and in one container, ends once and truthfully, and can always end", () => {
    const bound = { steps: 1, maxAttempts: 2, disturbances, mostRuns: 3 };
    const { states, moves, fault } = explore(theRules, bound);
    console.info(`${String(states)} states, ${String(moves)} moves, within ${JSON.stringify(bound)}`);
    expect(fault).toBeNull();
    expect(states).toBeGreaterThan(40_000);
  }, 600_000);

  const needed: readonly (readonly [keyof Rules, string, string])[] = [
    ["fence", "no statement asks who the owner is", "a write after a later takeover"],
    [
      "fenceByEpoch",
      "a worker that takes over what it once lost is taken for its own past",
      "a write after a later takeover",
    ],
    [
      "rename",
      "the container keeps its name when it changes hands",
      "the container of a later owner is killed",
    ],
    ["agentKnowsEpochs", "the agent heeds whoever speaks", "the steps of a later owner are stopped"],
    [
      "confirm",
      "the agent is sent the Job without asking whether the Lease holds",
      "steps run on after the job has ended",
    ],
    [
      "endBeforeKill",
      "the container is killed before its end is written",
      "a settled success is lost by mere crashes",
    ],
  ];

  test.each(needed)("without %s, where %s, it would come to this: %s", (rule, _, what) => {
    const bound = { steps: 1, maxAttempts: 2, disturbances: 2, mostRuns: 3 };
    const { fault } = explore({ ...theRules, [rule]: false }, bound);
    expect(fault?.what).toContain(what);
    expect(fault?.trace.length).toBeGreaterThan(0);
  });
});
