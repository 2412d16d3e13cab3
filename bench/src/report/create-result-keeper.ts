import { join } from "node:path";
import type { BenchOptions } from "../options.ts";
import type { RowResult } from "./row-result.ts";
import { writeCharts } from "./write-charts.ts";
import { writeResults } from "./write-results.ts";

/**
 * Gives a function that writes a row's result and its charts into the folder, beside those of the other rows; in a run
 * that profiles, which slows what is measured, one that writes nothing.
 */
export function createResultKeeper(
  folder: string,
  { profile }: Pick<BenchOptions, "profile">,
): (result: RowResult) => Promise<void> {
  return async (result) => {
    if (profile) return;
    await writeResults(join(folder, "results.json"), [result]);
    await writeCharts(join(folder, "charts"), [result]);
  };
}
