import { Command, InvalidArgumentError } from "commander";
import type { Row } from "./row.ts";

export interface BenchOptions {
  readonly rows: readonly Row[];
  readonly isQuick: boolean;
  readonly profile: boolean;
}

/** Reads the command line, of which `known` are the rows. Throws a CommanderError where it is wrong, or asked for help, after it has said so. */
export function readOptions(args: readonly string[], known: readonly Row[]): BenchOptions {
  const named = new Set<Row>();
  const name = (text: string): void => {
    const row = known.find(({ number, name: own }) => text === own || text === String(number));
    if (row === undefined) throw new InvalidArgumentError("The rows are listed by --help.");
    named.add(row);
  };
  const program = new Command("npm run bench --")
    .description(
      "Measures Longshore beside what people would use instead; writes bench/results.json and bench/charts.",
    )
    .argument("[rows...]", "rows by number or name; all, where none is named", name)
    .option("--row <row>", "the same, as an option that may be given again", name)
    .option("--quick", "few turns: to see that each row runs")
    .option("--profile", "a CPU profile and a flame chart of each process instead of results")
    .addHelpText("after", `\nRows:\n${known.map(describeRow).join("\n")}\n`)
    .exitOverride()
    .action(() => undefined);
  program.parse(args, { from: "user" });
  const { quick = false, profile = false } = program.opts<{ quick?: boolean; profile?: boolean }>();
  return {
    rows: named.size === 0 ? known : known.filter((each) => named.has(each)),
    isQuick: quick,
    profile,
  };
}

const describeRow = ({ number, name, what }: Row): string =>
  `  ${String(number).padStart(2)}  ${name.padEnd(14)}  ${what}`;
