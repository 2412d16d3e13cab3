// The chaos suite as a program; scripts/chaos.ts starts it on a machine that is ready for it.
import { readFile, writeFile } from "node:fs/promises";
import { readCommandLine } from "../../scripts/terminal/command-line.ts";
import { type ChaosOptions, readChaosOptions, usage } from "./chaos-options.ts";
import { chooseFaults } from "./faults/all-faults.ts";
import type { ChaosReport } from "./report/chaos-report.ts";
import { mergeReports } from "./report/merge-reports.ts";
import { toTable } from "./report/write-report.ts";
import { runProgram } from "./run-program.ts";
import { runSlices } from "./run-slices.ts";

await runProgram(async (stop) => {
  const read = (args: readonly string[]) => {
    const options = readChaosOptions(args);
    chooseFaults(options.faults, options.engineRestart);
    return options;
  };
  const options = readCommandLine(process.argv.slice(2), { usage, read });
  return options.ok ? main(options.value, stop) : options.failure;
});

async function main(options: ChaosOptions & { readonly list: boolean }, stop: AbortSignal): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  if (options.list) {
    for (const { name, row } of chooseFaults([], true)) say(`${name} (row ${String(row)})`);
    return 0;
  }
  try {
    const keep = async (report: ChaosReport) => {
      if (options.json !== null) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    };
    const report =
      options.merge.length > 0
        ? mergeReports(await Promise.all(options.merge.map(readReport)))
        : await runSlices({ options, keep, say, stop });
    await keep(report);
    say(`\n${toTable(report)}`);
    if (stop.aborted) say("Stopped before the end: what had not ended was not checked.");
    return report.violations.length === 0 && !stop.aborted ? 0 : 1;
  } catch (error) {
    if (stop.aborted) {
      process.stderr.write("Stopped before the end.\n");
      return 1;
    }
    throw error;
  }
}

async function readReport(file: string): Promise<ChaosReport> {
  // safety: written by `keep` above.
  return JSON.parse(await readFile(file, "utf8")) as ChaosReport;
}
