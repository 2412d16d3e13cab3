import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AttemptOutcome, decideNext, type JobHistory, type NextMove } from "./decide-next.ts";
import { failureCodes, isRetryable } from "./failure.ts";

const outcome = fc.oneof(
  { weight: 1, arbitrary: fc.constant<AttemptOutcome>({ type: "succeeded" }) },
  { weight: 1, arbitrary: fc.constant<AttemptOutcome>({ type: "cancelled" }) },
  { weight: 3, arbitrary: fc.constant<AttemptOutcome>({ type: "handed_over" }) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(...failureCodes)
      .map((code): AttemptOutcome => ({ type: "failed", failure: { code, message: "why", step: null } })),
  },
);

/** Attempt after Attempt as a Job meets them, and before which of them it is cancelled. */
const life = fc.record({
  outcomes: fc.array(outcome, { maxLength: 40 }),
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  cancelBefore: fc.option(fc.nat(40), { nil: Number.POSITIVE_INFINITY }),
});
type Life = typeof life extends fc.Arbitrary<infer Value> ? Value : never;

interface LivedAttempt {
  readonly before: JobHistory;
  readonly outcome: AttemptOutcome;
  readonly next: NextMove;
}

/** Lives it as the database would: by `decideNext` alone, until it ends or nothing more happens. */
function live({ outcomes, maxAttempts, cancelBefore }: Life): readonly LivedAttempt[] {
  const lived: LivedAttempt[] = [];
  let failedAttempts = 0;
  for (const [index, each] of outcomes.entries()) {
    const before = { failedAttempts, maxAttempts, cancelRequested: index >= cancelBefore };
    const next = decideNext(before, each);
    lived.push({ before, outcome: each, next });
    if (next.move === "end") break;
    if (next.countsAsFailed) failedAttempts += 1;
  }
  return lived;
}

const anyLife = (holds: (lived: readonly LivedAttempt[], given: Life) => void) =>
  fc.assert(
    fc.property(life, (given) => holds(live(given), given)),
    { numRuns: 2_000 },
  );

describe("in any life of a Job", () => {
  test("no more Attempts fail than max_attempts, and the last that may, ends it", () => {
    anyLife((lived, { maxAttempts }) => {
      const failed = lived.filter((each) => each.outcome.type === "failed");
      expect(failed.length).toBeLessThanOrEqual(maxAttempts);
      if (failed.length === maxAttempts) expect(lived.at(-1)?.next.move).toBe("end");
    });
  });

  test("a hand-over never ends it and is never counted, unless a cancel does", () => {
    anyLife((lived) => {
      for (const { before, outcome: how, next } of lived)
        if (how.type === "handed_over" && !before.cancelRequested)
          expect(next).toEqual({ move: "new_attempt", delayMs: 0, countsAsFailed: false });
    });
  });

  test("once a cancel is asked for there is no further Attempt", () => {
    anyLife((lived, { cancelBefore }) => {
      expect(lived.length).toBeLessThanOrEqual(cancelBefore + 1);
      const asked = lived.find((each) => each.before.cancelRequested);
      if (asked !== undefined) expect(asked.next.move).toBe("end");
    });
  });

  test("a success is an end that says so, and nothing else is called one", () => {
    anyLife((lived) => {
      for (const { outcome: how, next } of lived) {
        const endedWell = next.move === "end" && next.status === "succeeded";
        expect(endedWell).toBe(how.type === "succeeded");
      }
    });
  });

  test("the failure that it ends with is the last Attempt's own, and one that may be tried again ends it only when the tries are used up", () => {
    anyLife((lived, { maxAttempts }) => {
      const last = lived.at(-1);
      if (last?.next.move !== "end" || last.next.status !== "failed") return;
      expect(last.outcome).toEqual({ type: "failed", failure: last.next.failure });
      if (isRetryable(last.next.failure.code)) expect(last.before.failedAttempts).toBe(maxAttempts - 1);
    });
  });
});
