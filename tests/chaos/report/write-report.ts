import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChaosReport } from "./chaos-report.ts";
import type { Timeline } from "./timeline.ts";

/** Writes the report, and for each violation the timeline of its Job, into `folder`. */
export async function writeReport(report: ChaosReport, timeline: Timeline, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, "report.txt"), `${toTable(report)}\n`);
  if (report.violations.length === 0) return;
  await writeFile(join(folder, "timeline.ndjson"), toLines(timeline.entries));
  for (const jobId of new Set(report.violations.map((each) => each.jobId)))
    if (jobId !== null) await writeFile(join(folder, `job-${jobId}.txt`), toLines(timeline.around(jobId)));
}

function toLines(entries: Timeline["entries"]): string {
  return entries
    .map(({ at, what, jobId, detail }) =>
      [
        new Date(at).toISOString(),
        jobId ?? "-",
        what,
        detail === undefined ? "" : JSON.stringify(detail),
      ].join(" "),
    )
    .join("\n");
}

/** The table for people, in Markdown. */
export function toTable(report: ChaosReport): string {
  const seconds = (ms: number | null | undefined) => (typeof ms === "number" ? (ms / 1_000).toFixed(1) : "–");
  const rows = report.faults.map((each) => {
    const { fault, row, times, jobs, adopted, begunAgain, recoveryMs, worstMs, broken } = each;
    const { p50, p99, max, count = 0 } = recoveryMs ?? {};
    return [
      ...[fault, row, times, jobs, adopted, begunAgain, count],
      ...[seconds(p50), seconds(p99), seconds(max), seconds(worstMs), broken],
    ].map(String);
  });
  const head = [
    ...["fault", "row", "times", "jobs", "adopted", "again", "alone"],
    ...["p50 s", "p99 s", "max s", "worst s", "broken"],
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  const ends = Object.entries(report.ends).map(([end, count]) => `${String(count)} ${end}`);
  const invariants = Object.entries(report.invariants).toSorted(([a], [b]) => order(a) - order(b));
  const broken = invariants.map(
    ([number, count]) => `${number === "0" ? "other" : number}: ${String(count)}`,
  );
  return [
    ...[line(head), rule, ...rows.map(line), ""],
    `Seed ${report.seed}, ${report.date}, ${String(report.minutes)} min: ${String(report.jobs)} jobs (${ends.join(", ")}), ` +
      `${String(report.kinds)} kinds of fault, ${String(report.kills)} kills, ` +
      `${String(report.attempts.adopted)} attempts adopted, ${String(report.attempts.begunAgain)} begun again.`,
    `Invariants broken: ${broken.join(", ")}. Processes that ended by themselves: ${String(report.crashes.length)}.`,
  ].join("\n");
}

/** What no invariant names comes last. */
const order = (invariant: string) => (invariant === "0" ? Number.POSITIVE_INFINITY : Number(invariant));
