import type { Step } from "@longshore/shared/contracts/step";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPlanTracker, type Plan } from "./plan-tracker.ts";

const now = new Date("2026-01-01T00:00:00Z");

function planOf(mayFail: readonly boolean[]): Plan {
  const steps = mayFail.map((continue_on_error): Step => ({
    kind: "shell",
    command: "true",
    continue_on_error,
  }));
  return { source: "explicit", turns: 0, promptVersion: null, steps };
}

function trackerOf(...mayFail: readonly boolean[]) {
  const tracker = createPlanTracker();
  tracker.replace(planOf(mayFail));
  return tracker;
}

const ended = (exitCode: number | null) => ({ exitCode, durationMs: 5 });

test("a plan is complete once its last step has ended well, and not before", () => {
  const tracker = trackerOf(false, false);
  for (const index of [1, 2]) {
    expect(tracker.isComplete()).toBe(false);
    expect(tracker.start(index, now)).toMatchObject({
      index,
      status: "running",
      started_at: now.toISOString(),
    });
    expect(tracker.isComplete()).toBe(false);
    expect(tracker.finish(index, ended(0))).toMatchObject({
      status: "succeeded",
      exit_code: 0,
      duration_ms: 5,
    });
  }
  expect(tracker.isComplete()).toBe(true);
});

test.each([1, 255, null])("after a step that ended with %s nothing of the plan runs any more", (exitCode) => {
  const tracker = trackerOf(false, false);
  tracker.start(1, now);
  expect(tracker.finish(1, ended(exitCode))).toMatchObject({ status: "failed", exit_code: exitCode });
  expect(tracker.start(2, now)).toBeNull();
  expect(tracker.isComplete()).toBe(false);
});

test("a failed last step of a plan is no completion", () => {
  const tracker = trackerOf(false);
  tracker.start(1, now);
  tracker.finish(1, ended(3));
  expect(tracker.isComplete()).toBe(false);
});

test("a step that may fail lets the next one run", () => {
  const tracker = trackerOf(true, false);
  tracker.start(1, now);
  tracker.finish(1, ended(9));
  expect(tracker.start(2, now)).not.toBeNull();
  tracker.finish(2, ended(0));
  expect(tracker.isComplete()).toBe(true);
});

test("a new plan begins anew, whatever became of the last one", () => {
  const tracker = trackerOf(false);
  tracker.start(1, now);
  tracker.finish(1, ended(3));
  tracker.replace(planOf([false]));
  expect(tracker.isComplete()).toBe(false);
  expect(tracker.start(1, now)).not.toBeNull();
});

test("without a plan nothing is complete, and nothing begins", () => {
  const tracker = createPlanTracker();
  expect([tracker.isComplete(), tracker.start(1, now), tracker.closed(), tracker.running()]).toEqual([
    false,
    null,
    null,
    null,
  ]);
});

test("in an ended job what ran is failed and what did not is skipped", () => {
  const tracker = trackerOf(false, false, false);
  tracker.start(1, now);
  tracker.finish(1, ended(0));
  tracker.start(2, now);
  expect(tracker.running()).toBe(2);
  expect(tracker.closed()?.view.steps.map(({ status }) => status)).toEqual([
    "succeeded",
    "failed",
    "skipped",
  ]);
});

describe("a plan that another worker had in hand", () => {
  /** The tracker of the next owner, with what the former one has stored. */
  const takenOver = (former: ReturnType<typeof trackerOf>) => {
    const [stored, plan] = [former.stored(), former.current()];
    if (stored === null || plan === null) throw new Error("there is a plan");
    const tracker = createPlanTracker();
    tracker.restore(stored, plan.steps);
    return tracker;
  };

  test("goes on with the step that runs, and is complete after its last one", () => {
    const former = trackerOf(true, false, false);
    former.start(1, now);
    former.finish(1, ended(9));
    former.start(2, now);
    const tracker = takenOver(former);
    expect(tracker.current()).toEqual(former.current());
    expect([tracker.running(), tracker.isUntouched(), tracker.start(3, now)]).toEqual([2, false, null]);
    tracker.finish(2, ended(0));
    tracker.start(3, now);
    expect(tracker.isComplete()).toBe(false);
    tracker.finish(3, ended(0));
    expect(tracker.isComplete()).toBe(true);
  });

  test("of which a step has failed stays where it stopped", () => {
    const former = trackerOf(false, false);
    former.start(1, now);
    former.finish(1, ended(1));
    const tracker = takenOver(former);
    expect([tracker.start(2, now), tracker.isComplete()]).toEqual([null, false]);
    tracker.replace(planOf([false]));
    expect(tracker.start(1, now)).not.toBeNull();
  });

  test("is not complete where its last step has failed", () => {
    const former = trackerOf(false);
    former.start(1, now);
    former.finish(1, ended(1));
    expect(takenOver(former).isComplete()).toBe(false);
  });

  test("is untouched until its first step begins", () => {
    const tracker = takenOver(trackerOf(false));
    expect([tracker.isUntouched(), createPlanTracker().isUntouched()]).toEqual([true, false]);
    tracker.start(1, now);
    expect(tracker.isUntouched()).toBe(false);
  });
});

interface Told {
  readonly type: "start" | "finish";
  readonly index: number;
  readonly exitCode: number | null;
}

const told = fc.record<Told>({
  type: fc.constantFrom("start", "finish"),
  index: fc.integer({ min: 0, max: 5 }),
  exitCode: fc.constantFrom(0, 0, 0, 1, 137, null),
});

test("no sequence of what an agent may say completes a plan of which not every step has run and ended as it must", () => {
  const plan = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
  const noise = fc.array(fc.tuple(fc.nat(8), fc.boolean(), told), { maxLength: 5 });
  let completed = 0;
  fc.assert(
    fc.property(plan, fc.array(told, { minLength: 4, maxLength: 4 }), noise, (mayFail, ends, changes) => {
      // An honest run, with whatever exit codes, in which things are left out and put in.
      let said = mayFail.flatMap((_, position): Told[] => {
        const index = position + 1;
        const exitCode = ends[position]?.exitCode ?? null;
        return [
          { type: "start", index, exitCode: null },
          { type: "finish", index, exitCode },
        ];
      });
      for (const [at, removes, other] of changes)
        said = removes ? said.toSpliced(at, 1) : said.toSpliced(at, 0, other);
      const tracker = trackerOf(...mayFail);
      for (const { type, index, exitCode } of said) {
        if (type === "start") tracker.start(index, now);
        else tracker.finish(index, ended(exitCode));
      }
      if (!tracker.isComplete()) return;
      completed += 1;
      expect(hasRunWhole(said, mayFail)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(completed).toBeGreaterThan(50);
});

/** By the words alone: for each step in turn its beginning, and after it an end of it that lets the plan go on. */
function hasRunWhole(said: readonly Told[], mayFail: readonly boolean[]): boolean {
  let at = 0;
  return mayFail.every((failureIsFine, position) => {
    const find = (type: Told["type"]) => {
      const found = said.findIndex(
        (each, place) => place >= at && each.type === type && each.index === position + 1,
      );
      at = found + 1;
      return said[found];
    };
    return find("start") !== undefined && (find("finish")?.exitCode === 0 || (at > 0 && failureIsFine));
  });
}
