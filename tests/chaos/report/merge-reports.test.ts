import { describe, expect, test } from "vitest";
import { type ChaosReport, countBroken } from "./chaos-report.ts";
import { toRecovery } from "./measure-recovery.ts";
import { mergeReports } from "./merge-reports.ts";
import { toTable } from "./write-report.ts";

function report(
  seed: string,
  more: Partial<ChaosReport> & { readonly aloneMs: readonly number[] },
): ChaosReport {
  const { aloneMs, violations = [], ...rest } = more;
  const fault = {
    ...{ fault: "worker-kill", row: 1, times: 2, jobs: 3, adopted: 2, begunAgain: 1, broken: 0 },
    ...{ aloneMs, recoveryMs: toRecovery(aloneMs), worstMs: 20_000 },
  };
  return {
    ...{ seed, date: "2026-01-01T00:00", minutes: 10, command: `--seed ${seed}`, jobs: 100, kills: 30 },
    ...{ ends: { succeeded: 90, cancelled: 10 }, kinds: 1, attempts: { adopted: 2, begunAgain: 1 } },
    ...{ faults: [fault], crashes: [], violations, invariants: countBroken(violations) },
    ...rest,
  };
}

describe("reports of several runs make one", () => {
  const first = report("a", { aloneMs: [10_000, 14_000] });
  const second = report("b", {
    aloneMs: [12_000],
    ends: { succeeded: 5 },
    faults: report("b", { aloneMs: [12_000] }).faults.flatMap((each) => [
      each,
      { ...each, fault: "api-kill" },
    ]),
    violations: [{ invariant: 3, jobId: null, message: "event 2 came after event 4", at: 0, seed: "b" }],
  });

  test("of which the counts are sums, and the kinds are counted once", () => {
    expect(mergeReports([first, second])).toMatchObject({
      ...{ seed: "a, b", minutes: 20, jobs: 200, kills: 60, kinds: 2 },
      ends: { succeeded: 95, cancelled: 10 },
      attempts: { adopted: 4, begunAgain: 2 },
    });
  });

  test("of which p50, p99 and max are of all recoveries together", () => {
    const kill = mergeReports([first, second]).faults.find(({ fault }) => fault === "worker-kill");
    expect(kill).toMatchObject({
      ...{ times: 4, jobs: 6, aloneMs: [10_000, 12_000, 14_000] },
      recoveryMs: { count: 3, p50: 12_000, p99: 14_000, max: 14_000 },
    });
  });

  test("that has every violation with its seed, counted by invariant, and says so in its table", () => {
    const merged = mergeReports([first, second]);
    expect(merged.violations).toMatchObject([{ invariant: 3, seed: "b" }]);
    expect(merged.invariants).toMatchObject({ "1": 0, "3": 1, "0": 0 });
    expect(toTable(merged)).toContain("3: 1");
  });

  test("in any order and grouping: parts that were merged before can be merged again", () => {
    const third = report("c", { aloneMs: [9_000, 30_000] });
    expect(mergeReports([mergeReports([first, second]), third])).toEqual(
      mergeReports([first, second, third]),
    );
  });
});
