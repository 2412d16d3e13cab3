import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { units } from "../figures/figure.ts";
import { drawChart } from "./draw-chart.ts";
import { replaceFile } from "./replace-file.ts";
import type { RowResult } from "./row-result.ts";

/** Writes a chart for each row and each unit in it: `07-queue-layer-per-second.svg`. */
export async function writeCharts(folder: string, results: readonly RowResult[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const result of results) {
    for (const unit of units) {
      const svg = drawChart(result, unit);
      const name = `${String(result.number).padStart(2, "0")}-${result.name}-${unit.toLowerCase().replaceAll(" ", "-")}.svg`;
      if (svg !== null) await replaceFile(join(folder, name), `${svg}\n`);
    }
  }
}
