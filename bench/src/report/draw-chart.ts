import { type EChartsOption, init } from "echarts";
import type { Figure } from "../figures/figure.ts";
import type { RowResult } from "./row-result.ts";
import { toText } from "./to-text.ts";

const width = 860;
const besidesBars = 130;
const heightOfLine = 62;
const font = "system-ui, sans-serif";
const percentiles = [
  { key: "p50", color: "#1f5f8b" },
  { key: "p95", color: "#7fb2d3" },
  { key: "p99", color: "#cfe1ec" },
] as const;

type Line = { readonly name: string } & Pick<NonNullable<Figure["own"]>, "p50" | "p95" | "p99">;

/** A chart of a row as SVG: its figures of one unit and their peers, a bar for each percentile. Null where nothing was measured. */
export function drawChart(result: RowResult, unit: Figure["unit"]): string | null {
  const lines = result.figures.filter((figure) => figure.unit === unit).flatMap(linesOf);
  const distinct = [...new Map(lines.map((line) => [line.name, line])).values()];
  if (distinct.length === 0) return null;
  const height = besidesBars + heightOfLine * distinct.length;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(toOption(result, unit, distinct));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function linesOf({ name, own, peer }: Figure): readonly Line[] {
  if (own === null) return [];
  return [{ ...own, name }, ...(peer === null ? [] : [peer])];
}

function toOption(
  { number, what, command, measured_at: at, machine }: RowResult,
  unit: string,
  lines: readonly Line[],
): EChartsOption {
  const drawn = lines.toReversed();
  return {
    animation: false,
    backgroundColor: "#fff",
    textStyle: { fontFamily: font },
    title: {
      text: `${String(number)}. ${what} (${unit})`,
      subtext: `${at.slice(0, 10)} · ${machine.processor}, ${String(machine.processors)} cores · ${command}`,
      left: 12,
      top: 8,
    },
    legend: { bottom: 6, data: percentiles.map(({ key }) => key) },
    grid: { left: 190, right: 70, top: 64, bottom: 54 },
    xAxis: { type: "value", splitLine: { lineStyle: { color: "#eee" } } },
    yAxis: { type: "category", data: drawn.map(({ name }) => name), axisTick: { show: false } },
    series: percentiles.toReversed().map(({ key, color }) => ({
      name: key,
      type: "bar",
      itemStyle: { color },
      data: drawn.map((line) => line[key]),
      label: { show: true, position: "right", formatter: ({ value }) => toText(Number(value)) },
    })),
  };
}
