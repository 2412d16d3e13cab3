import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AttemptOutcome, backoffMs, decideNext, type JobHistory } from "./decide-next.ts";
import { failureCodes, isRetryable, type JobFailure } from "./failure.ts";

const fresh: JobHistory = { failedAttempts: 0, maxAttempts: 3, cancelRequested: false };
const failed = (code: JobFailure["code"]): AttemptOutcome => ({
  type: "failed",
  failure: { code, message: "why", step: null },
});
const history = fc.record({
  failedAttempts: fc.nat({ max: 12 }),
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  cancelRequested: fc.boolean(),
});
const outcome = fc.oneof(
  fc.constantFrom<AttemptOutcome>({ type: "succeeded" }, { type: "cancelled" }, { type: "handed_over" }),
  fc.constantFrom(...failureCodes).map(failed),
);

describe("what becomes of a Job", () => {
  test.each([
    "model_unavailable",
    "sandbox_start_failed",
    "sandbox_lost",
    "worker_lost",
    "internal",
  ] as const)("%s, a failure of the infrastructure, is tried again", (code) => {
    expect(decideNext(fresh, failed(code))).toEqual({
      ...{ move: "new_attempt", delayMs: 1_000, countsAsFailed: true },
    });
  });

  test.each([
    "model_unconfigured",
    "analysis_failed",
    "budget_exceeded",
    "step_failed",
    "timeout",
    "out_of_memory",
    "disk_full",
    "output_too_large",
  ] as const)("%s, a failure of the Job, ends it", (code) => {
    expect(decideNext(fresh, failed(code))).toMatchObject({
      move: "end",
      status: "failed",
      failure: { code },
    });
  });

  test("every failure code is one of the two kinds", () => {
    for (const code of failureCodes)
      expect(decideNext(fresh, failed(code)).move).toBe(isRetryable(code) ? "new_attempt" : "end");
  });

  test("max_attempts counts every try: the last failure is the Job's", () => {
    const moves = [0, 1, 2].map(
      (failedAttempts) => decideNext({ ...fresh, failedAttempts }, failed("sandbox_lost")).move,
    );
    expect(moves).toEqual(["new_attempt", "new_attempt", "end"]);
    expect(decideNext({ ...fresh, maxAttempts: 1 }, failed("sandbox_lost")).move).toBe("end");
  });

  test("a hand-over is no failure: it never ends a Job, and starts at once", () => {
    const spent = { ...fresh, failedAttempts: 9, maxAttempts: 1 };
    expect(decideNext(spent, { type: "handed_over" })).toEqual({
      ...{ move: "new_attempt", delayMs: 0, countsAsFailed: false },
    });
  });

  test("a cancel wins over everything that would have been tried again", () => {
    const asked = { ...fresh, cancelRequested: true };
    for (const each of [
      failed("sandbox_lost"),
      { type: "handed_over" } as const,
      { type: "cancelled" } as const,
    ])
      expect(decideNext(asked, each)).toEqual({ move: "end", status: "cancelled" });
  });

  test("whatever happens: an end says why, a new Attempt waits a minute at most, and nobody who cancelled gets one", () => {
    fc.assert(
      fc.property(history, outcome, (job, how) => {
        const next = decideNext(job, how);
        if (next.move === "new_attempt") {
          expect(job.cancelRequested).toBe(false);
          expect(next.delayMs).toBeLessThanOrEqual(60_000);
          if (next.countsAsFailed) expect(job.failedAttempts + 1).toBeLessThan(job.maxAttempts);
        } else {
          expect(next.status === "failed").toBe("failure" in next);
          if (next.status === "succeeded") expect(how.type).toBe("succeeded");
        }
      }),
    );
  });
});

describe("the pause before a new Attempt", () => {
  test("doubles from one second to a minute", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(backoffMs)).toEqual([
      ...[1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000],
    ]);
  });

  test("never shrinks, and is finite for any number", () => {
    fc.assert(
      fc.property(fc.nat(), (count) => {
        expect(backoffMs(count + 1)).toBeGreaterThanOrEqual(backoffMs(count));
        expect(backoffMs(count)).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});
