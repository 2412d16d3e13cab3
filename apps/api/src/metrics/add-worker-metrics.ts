import { AggregatorRegistry } from "prom-client";
import { z } from "zod";

// What a registry gives by getMetricsAsJSON(): workers of another version may send something else.
const workerMetric = z.looseObject({
  name: z.string(),
  help: z.string(),
  type: z.enum(["counter", "gauge", "histogram", "summary"]),
  aggregator: z.enum(["sum", "first", "min", "max", "average", "omit"]),
  values: z.array(
    z.looseObject({ value: z.number(), labels: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ),
});

/** The figures of all workers, added up as each metric says, as Prometheus text. What cannot be read is left out. */
export async function addWorkerMetrics(ofWorkers: readonly (readonly unknown[])[]): Promise<string> {
  const readable = ofWorkers.map((metrics) =>
    metrics.flatMap((metric) => {
      const parsed = workerMetric.safeParse(metric);
      return parsed.success ? [parsed.data] : [];
    }),
  );
  return AggregatorRegistry.aggregate(readable).metrics();
}
