import type { ModelCall } from "@longshore/shared/contracts/usage";
import type { JobFailure } from "@longshore/shared/domain/failure";
import type { TerminalStatus } from "@longshore/shared/domain/job-state";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { WarmEvent } from "./sandbox/warm-event.ts";

/** What a worker counts. The API adds up the workers' figures at /metrics. */
export interface WorkerMetrics {
  readonly registry: Registry;
  /** Starts to time an Attempt; the returned function ends it. */
  attemptStarted(): () => void;
  stepEnded(durationMs: number, kind: string, status: string): void;
  /** `warm` is null where none could be started. */
  sandboxStarted(warm: boolean | null, durationMs: number): void;
  warmChanged(event: WarmEvent): void;
  modelCalled(call: ModelCall): void;
  jobEnded(status: TerminalStatus, failure: JobFailure | null): void;
  running(count: number): void;
  warm(count: number): void;
  /** Shows, from now on, how the components are. */
  components(levels: () => ReadonlyMap<string, number>): void;
}

const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** Metrics in a registry of their own. */
export function createWorkerMetrics(): WorkerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const calls = callCounters(registers);
  const durations = durationHistograms(registers);
  const counts = jobCounters(registers);
  return {
    registry,
    attemptStarted: () => durations.attempts.startTimer(),
    stepEnded: (durationMs, kind, status) => durations.steps.observe({ kind, status }, durationMs / 1_000),
    sandboxStarted: (warm, durationMs) => {
      counts.starts.inc({ result: warm === null ? "failed" : "ok" });
      if (warm !== null) durations.starts.observe({ warm: String(warm) }, durationMs / 1_000);
    },
    warmChanged: (event) => counts.warmEvents.inc({ event }),
    modelCalled: ({ provider, outcome, input_tokens, output_tokens }) => {
      calls.calls.inc({ provider, outcome });
      calls.tokens.inc({ provider, direction: "input" }, input_tokens);
      calls.tokens.inc({ provider, direction: "output" }, output_tokens);
    },
    jobEnded: (status, failure) => counts.ended.inc({ status, code: failure?.code ?? "" }),
    running: (count) => counts.running.set(count),
    warm: (count) => counts.warm.set(count),
    components: (levels) => {
      new Gauge({
        name: "longshore_worker_component_state",
        help: "What workers depend on, as the worst off of them sees it: 0 away, 1 degraded, 2 ok.",
        labelNames: ["component"] as const,
        aggregator: "min",
        registers,
        collect() {
          for (const [component, level] of levels()) this.set({ component }, level);
        },
      });
    },
  };
}

function durationHistograms(registers: Registry[]) {
  const buckets = secondsBuckets;
  return {
    starts: new Histogram({
      name: "longshore_sandbox_start_seconds",
      help: "Until an attempt has its sandbox, from the warm pool or not.",
      labelNames: ["warm"] as const,
      registers,
      buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    }),
    attempts: new Histogram({
      name: "longshore_attempt_duration_seconds",
      help: "From Lease to end of an attempt.",
      ...{ registers, buckets },
    }),
    steps: new Histogram({
      name: "longshore_step_duration_seconds",
      help: "Duration of steps.",
      labelNames: ["kind", "status"] as const,
      ...{ registers, buckets },
    }),
  };
}

function callCounters(registers: Registry[]) {
  return {
    calls: new Counter({
      name: "longshore_model_calls_total",
      help: "Calls of model providers, by outcome.",
      labelNames: ["provider", "outcome"] as const,
      registers,
    }),
    tokens: new Counter({
      name: "longshore_model_tokens_total",
      help: "Tokens of model calls.",
      labelNames: ["provider", "direction"] as const,
      registers,
    }),
  };
}

function jobCounters(registers: Registry[]) {
  return {
    starts: new Counter({
      name: "longshore_sandbox_starts_total",
      help: "Sandboxes asked for, by result.",
      labelNames: ["result"] as const,
      registers,
    }),
    ended: new Counter({
      name: "longshore_jobs_ended_total",
      help: "Jobs ended by this worker, by status and failure code.",
      labelNames: ["status", "code"] as const,
      registers,
    }),
    running: new Gauge({ name: "longshore_attempts_running", help: "Attempts that run now.", registers }),
    warm: new Gauge({ name: "longshore_sandboxes_warm", help: "Sandboxes in the warm pool.", registers }),
    warmEvents: new Counter({
      name: "longshore_sandboxes_warm_total",
      help: "What became of warm sandboxes: made, taken by a job (or missed by it), or removed and why.",
      labelNames: ["event"] as const,
      registers,
    }),
  };
}
