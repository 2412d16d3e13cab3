import type { JobCounts } from "@longshore/shared/db/count-jobs";
import { addComponentGauge } from "./add-component-gauge.ts";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export interface ApiMetrics {
  readonly registry: Registry;
  observeRequest(labels: { method: string; route: string; status: string }, seconds: number): void;
  countReaders(change: 1 | -1): void;
  observeLag(seconds: number): void;
  /** A Job was cancelled while it waited for a worker: none will tell of its end. */
  countCancelled(): void;
  /** Takes what was counted in the database; null where it is away. */
  showJobs(counts: JobCounts | null): void;
}

/** The figures of this process, in a registry of its own. `componentLevels` gives how each component is, see ComponentStates. */
export function createApiMetrics(componentLevels: () => ReadonlyMap<string, number>): ApiMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "longshore_api_" });
  const requests = new Histogram({
    name: "longshore_api_request_duration_seconds",
    help: "Time to the answer's head, by route.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const readers = new Gauge({ name: "longshore_api_event_readers", help: "Open event streams.", registers });
  const lag = new Histogram({
    name: "longshore_api_event_lag_seconds",
    help: "From an event's time to its being written to a stream.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers,
  });
  addComponentGauge(registry, componentLevels);
  return {
    registry,
    observeRequest: (labels, seconds) => requests.observe(labels, seconds),
    countReaders: (change) => readers.inc(change),
    observeLag: (seconds) => lag.observe(seconds),
    ...createJobMetrics(registers),
  };
}

function createJobMetrics(registers: Registry[]): Pick<ApiMetrics, "countCancelled" | "showJobs"> {
  const jobs = new Gauge({
    name: "longshore_jobs",
    help: "Jobs that have not ended, by status. The others: longshore_jobs_ended_total, longshore_api_jobs_cancelled_total.",
    labelNames: ["status"],
    registers,
  });
  const cancelled = new Counter({
    name: "longshore_api_jobs_cancelled_total",
    help: "Jobs that this process cancelled while they waited for a worker.",
    registers,
  });
  const oldest = new Gauge({
    name: "longshore_queue_oldest_seconds",
    help: "Age of the oldest job that is due and not taken.",
    registers,
  });
  const depth = new Gauge({ name: "longshore_queue_depth", help: "Jobs that wait for a worker.", registers });
  const up = new Gauge({ name: "longshore_database_up", help: "1 where the database answers.", registers });
  return {
    countCancelled: () => cancelled.inc(),
    showJobs: (counts) => {
      up.set(counts === null ? 0 : 1);
      if (counts === null) return;
      jobs.set({ status: "queued" }, counts.queued);
      jobs.set({ status: "running" }, counts.running);
      oldest.set(counts.oldestQueuedSeconds);
      depth.set(counts.queued);
    },
  };
}
