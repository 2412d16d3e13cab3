import { type CustomSeriesOption, init } from "echarts";
import type { FlameFrame } from "./flame-frames.ts";

const width = 1_600;
const heightOfFrame = 18;
const besidesFrames = 90;
const colours = ["#f2b56b", "#e8935a", "#f6d07f", "#dd7b52", "#efa25f"];

/** A flame chart as SVG: each call on what called it, as wide as its share of the time. */
export function drawFlameChart(title: string, frames: readonly FlameFrame[]): string {
  const depth = Math.max(0, ...frames.map((frame) => frame.depth)) + 1;
  const height = besidesFrames + depth * heightOfFrame;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: "#fff",
      title: { text: title, left: 12, top: 8, textStyle: { fontSize: 15 } },
      grid: { left: 12, right: 12, top: 40, bottom: 40 },
      xAxis: {
        type: "value",
        min: 0,
        max: Math.max(1, ...frames.map(({ to }) => to)),
        name: "ms",
        nameLocation: "middle",
      },
      yAxis: { type: "value", min: 0, max: depth, show: false },
      series: [
        {
          type: "custom",
          renderItem: toRenderItem(frames),
          data: frames.map(({ depth: level, from, to }) => [level, from, to]),
        },
      ],
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function toRenderItem(frames: readonly FlameFrame[]): CustomSeriesOption["renderItem"] {
  return ({ dataIndex }, api) => {
    const { name = "", depth = 0, from = 0, to = 0 } = frames[dataIndex] ?? {};
    const [x = 0, y = 0] = api.coord([from, depth + 1]);
    const [right = 0] = api.coord([to, depth]);
    const wide = right - x;
    const share = `${name}, ${(to - from).toFixed(1)} ms`;
    return {
      type: "rect",
      shape: { x, y, width: Math.max(0, wide - 0.5), height: heightOfFrame - 1 },
      style: { fill: colours[(name.length + depth) % colours.length] ?? "#eee" },
      textConfig: { position: "insideLeft" },
      textContent: {
        type: "text",
        style: {
          text: wide < 30 ? "" : share,
          width: wide - 8,
          overflow: "truncate",
          fontSize: 11,
          fill: "#222",
        },
      },
    };
  };
}
