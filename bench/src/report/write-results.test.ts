import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { atMost } from "../figures/bar.ts";
import { absentFigure, type Figure, toFigure } from "../figures/figure.ts";
import { allRows } from "../rows/all-rows.ts";
import { drawChart } from "./draw-chart.ts";
import { resultsTable } from "./results-table.ts";
import { type RowResult, toRowResult } from "./row-result.ts";
import { writeResults } from "./write-results.ts";

function resultOf(index: number, figures: readonly Figure[], command = "npm run bench"): RowResult {
  const row = allRows[index];
  if (row === undefined) throw new Error("there is no such row");
  const machine = {
    ...{ processor: "a processor", processors: 2, memory_mb: 1_024 },
    ...{ system: "Linux 6", node: "v24", engine: "Docker 29" },
  };
  const run = { measured_at: "2026-01-01T00:00:00.000Z", command, commit: "abc", quick: false, machine };
  return toRowResult(row, run, { figures, failure: null, seconds: 1 });
}
const measured = toFigure({
  ...{ name: "first line, cold", unit: "ms", own: [210, 220, 230.123456] },
  ...{
    peer: { name: "docker run", values: [200, 200, 200] },
    bars: [atMost("ratio", 1.25), atMost("p50", 200)],
  },
});

test("a row that is measured again replaces itself, and leaves the others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "longshore-results-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "results.json");
  await writeResults(file, [resultOf(0, [measured]), resultOf(1, [])]);
  await writeResults(file, [resultOf(1, [measured], "npm run bench -- 2")]);
  const { rows } = JSON.parse(await readFile(file, "utf8")) as { rows: RowResult[] };
  expect(rows.map(({ number, command }) => [number, command])).toEqual([
    [1, "npm run bench"],
    [2, "npm run bench -- 2"],
  ]);
  expect(rows[0]?.figures[0]?.own?.max).toBe(230.1);
});

test("the table has a line for each figure, with what it is held against", () => {
  const absent = absentFigure("first line, warm", "ms", "no warm pool yet", [atMost("p50", 50)]);
  const lines = resultsTable([resultOf(0, [measured]), resultOf(1, [absent])]).split("\n");
  expect(lines[1]).toMatch(
    /^1 +first line, cold +ms +3 +220 .* docker run +200 +1\.1 \(.*\) +≤ 1\.25 × ✓; p50 ≤ 200 ✗$/,
  );
  expect(lines[2]).toMatch(/^2 +first line, warm +ms +– +no warm pool yet .* p50 ≤ 50$/);
});

test("a chart shows a row's figures of a unit with their peers", () => {
  const svg = drawChart(resultOf(0, [measured]), "ms");
  expect(svg).toMatch(/^<svg/);
  for (const text of ["first line, cold", "docker run", "p99", "a processor"]) expect(svg).toContain(text);
  expect(drawChart(resultOf(0, [measured]), "MB")).toBeNull();
});
