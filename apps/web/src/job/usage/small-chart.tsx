import { type ChartPoint, toPolyline } from "./chart-series.ts";

interface SmallChartProps {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  /** The limit: the top of the chart. */
  readonly most: number;
  readonly say: (value: number) => string;
}

/** How a value went, below its limit; its peak is told in words. */
export function SmallChart({ name, points, most, say }: SmallChartProps) {
  const peak = points.reduce((highest, { value }) => Math.max(highest, value), 0);
  const told = `${name}: at most ${say(peak)} of ${say(most)}`;
  const line = toPolyline(points, most);
  return (
    <figure className="small-chart">
      <figcaption>{told}</figcaption>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={told}>
        <polygon className="small-chart-area" points={`0,100 ${line} 100,100`} />
        <polyline className="small-chart-line" points={line} vectorEffect="non-scaling-stroke" />
      </svg>
    </figure>
  );
}
