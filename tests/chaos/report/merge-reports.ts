import { type ChaosReport, countBroken } from "./chaos-report.ts";
import { type FaultSummary, toRecovery } from "./measure-recovery.ts";

/** One report over several runs: sums, and for each kind of fault the recoveries of all of them together. */
export function mergeReports(reports: readonly ChaosReport[]): ChaosReport {
  const sum = (of: (report: ChaosReport) => number) => reports.reduce((total, each) => total + of(each), 0);
  const ends: Record<string, number> = {};
  for (const report of reports)
    for (const [end, count] of Object.entries(report.ends)) ends[end] = (ends[end] ?? 0) + count;
  const summaries = reports.flatMap((report) => report.faults);
  const names = [...new Set(summaries.map(({ fault }) => fault))].toSorted();
  const violations = reports.flatMap((report) => report.violations);
  return {
    seed: reports.map(({ seed }) => seed).join(", "),
    date: reports.map(({ date }) => date).toSorted()[0] ?? "",
    command: [...new Set(reports.map(({ command }) => command))].join("; "),
    minutes: sum(({ minutes }) => minutes),
    jobs: sum(({ jobs }) => jobs),
    ends,
    kinds: names.length,
    kills: sum(({ kills }) => kills),
    attempts: {
      adopted: sum(({ attempts }) => attempts.adopted),
      begunAgain: sum(({ attempts }) => attempts.begunAgain),
    },
    faults: names.map((name) => mergeSummaries(summaries.filter(({ fault }) => fault === name))),
    invariants: countBroken(violations),
    crashes: reports.flatMap(({ crashes }) => crashes),
    violations,
  };
}

function mergeSummaries(summaries: readonly FaultSummary[]): FaultSummary {
  const sum = (of: (summary: FaultSummary) => number) =>
    summaries.reduce((total, each) => total + of(each), 0);
  const aloneMs = summaries.flatMap((each) => each.aloneMs).toSorted((a, b) => a - b);
  const worst = summaries.flatMap(({ worstMs }) => (worstMs === null ? [] : [worstMs]));
  return {
    ...{ fault: summaries[0]?.fault ?? "", row: summaries[0]?.row ?? 0 },
    ...{ times: sum(({ times }) => times), jobs: sum(({ jobs }) => jobs) },
    ...{ adopted: sum(({ adopted }) => adopted), begunAgain: sum(({ begunAgain }) => begunAgain) },
    ...{ aloneMs, recoveryMs: toRecovery(aloneMs) },
    worstMs: worst.length === 0 ? null : Math.max(...worst),
    broken: sum(({ broken }) => broken),
  };
}
