// The chaos suite as a program; scripts/chaos.ts starts it on a machine that is ready for it.
import { join } from "node:path";
import { root } from "../../scripts/root.ts";
import { readChaosOptions, usage } from "./chaos-options.ts";
import { chooseFaults } from "./faults/all-faults.ts";
import { toTable } from "./report/write-report.ts";
import { runChaos } from "./run-chaos.ts";
import { runProgram } from "./run-program.ts";

await runProgram((stop) => main(process.argv.slice(2), stop));

async function main(args: readonly string[], stop: AbortSignal): Promise<number> {
  try {
    const options = readChaosOptions(args);
    if (options.list) {
      for (const { name, row } of chooseFaults([], true))
        process.stdout.write(`${name} (row ${String(row)})\n`);
      return 0;
    }
    const day = new Date().toISOString().replaceAll(/[:.]/g, "-").slice(0, 19);
    const folder = join(root, ".longshore", "chaos", `${day}-seed-${options.seed}`);
    const say = (line: string) => void process.stdout.write(`${line}\n`);
    const report = await runChaos({ options, folder, say, stop });
    say(`\n${toTable(report)}\nReport: ${folder}`);
    if (stop.aborted) say("Stopped before the end: what had not ended was not checked.");
    return report.violations.length === 0 && !stop.aborted ? 0 : 1;
  } catch (error) {
    if (stop.aborted) {
      process.stderr.write("Stopped before the end.\n");
      return 1;
    }
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n${usage}\n`,
    );
    return 1;
  }
}
