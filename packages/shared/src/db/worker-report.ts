/** How a part of the service is, as /ready tells it. */
export interface ComponentState {
  readonly state: "ok" | "degraded" | "away";
  /** A sentence for a person; null where all is well. */
  readonly reason: string | null;
}

/** How a model provider stands with a worker. */
export interface ProviderReport {
  readonly provider: "primary" | "fallback";
  readonly model: string;
  /** `open` lets nothing through until its time is over; then one call tries, alone: `half_open`. */
  readonly circuit: "closed" | "open" | "half_open";
  /** A sentence; null where its last call went well, or there was none. */
  readonly reason: string | null;
}

/** What a worker says of itself every few seconds, stored in `workers.report`. */
export interface WorkerReport {
  readonly engine: ComponentState;
  readonly models: ComponentState;
  readonly queue: ComponentState;
  /** Where archives are written. Not said by older versions. */
  readonly storage?: ComponentState;
  /** False of a worker that takes no more Jobs, because it stops. Not said by older versions, which always take. */
  readonly taking?: boolean;
  readonly running: number;
  readonly concurrency: number;
  /** Started Sandboxes that wait for a Job: how many there should be, and are. Not said by older versions. */
  readonly warm?: { readonly wanted: number; readonly ready: number };
  /** Those that are configured. Not said by older versions. */
  readonly providers?: readonly ProviderReport[];
  /** What the worker's prom-client registry gives by getMetricsAsJSON(), for /metrics of the API to add up. */
  readonly metrics: readonly unknown[];
}
