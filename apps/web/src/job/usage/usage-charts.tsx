import { useQuery } from "@tanstack/react-query";
import { formatMebibytes } from "../../format/bytes.ts";
import { useClient } from "../../service/use-client.ts";
import { memorySeries, processorSeries } from "./chart-series.ts";
import { SmallChart } from "./small-chart.tsx";

interface UsageChartsProps {
  readonly jobId: string;
  readonly isRunning: boolean;
}

/** While a job runs it is looked at every two seconds, in ms. */
const lookEveryMs = 2_000;
const mebibyte = 1_048_576;

/** Memory and processors over time. */
export function UsageCharts({ jobId, isRunning }: UsageChartsProps) {
  const client = useClient();
  const { data } = useQuery({
    queryKey: ["usage", jobId, isRunning],
    queryFn: ({ signal }) => client.usage(jobId, { signal }),
    refetchInterval: isRunning ? lookEveryMs : false,
  });
  const samples = data?.samples ?? [];
  if (data === undefined) return null;
  if (samples.length < 2)
    return isRunning ? null : (
      <p className="muted">
        What it took of memory and processors was not measured: its sandbox is looked at every two seconds.
      </p>
    );
  return (
    <div className="small-charts">
      <SmallChart
        name="Memory"
        points={memorySeries(samples)}
        most={data.limits.memory_mb * mebibyte}
        say={formatMebibytes}
      />
      <SmallChart
        name="Processors"
        points={processorSeries(samples)}
        most={data.limits.cpus}
        say={(value) => (Math.round(value * 100) / 100).toString()}
      />
    </div>
  );
}
