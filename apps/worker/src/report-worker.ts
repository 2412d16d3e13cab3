import { hostname } from "node:os";
import { isDatabaseAway } from "@longshore/shared/db/database-away";
import { describeDatabaseFault } from "@longshore/shared/db/describe-database-fault";
import { within } from "@longshore/shared/db/within";
import type { ComponentState, ProviderReport, WorkerReport } from "@longshore/shared/db/worker-report";
import type { WorkerIdentity } from "@longshore/shared/db/worker-reports";
import type { QueueStateName } from "@longshore/shared/queue/queue-state";
import type { ComponentStates } from "@longshore/shared/runtime/component-states";
import type { ModelGateway } from "./models/create-model-gateway.ts";
import type { ProviderState } from "./models/create-provider-circuit.ts";
import type { SandboxProvider } from "./sandbox/sandbox-provider.ts";
import type { Sweep } from "./sweeps/create-sweep.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

export interface ReportWorkerDeps {
  readonly identity: WorkerIdentity;
  readonly record: (identity: WorkerIdentity, report: WorkerReport) => Promise<void>;
  readonly provider: Pick<SandboxProvider, "ping">;
  readonly gateway: Pick<ModelGateway, "state" | "configured">;
  readonly queueState: () => QueueStateName;
  /** How the place is where archives are written. */
  readonly storageState: () => Promise<ComponentState>;
  readonly states: ComponentStates;
  readonly running: () => number;
  readonly isTaking: () => boolean;
  /** How many Sandboxes wait in the warm pool, how many should, and why no more can be made. */
  readonly warm: {
    readonly warmReady: () => number;
    readonly warmWanted: () => number;
    readonly warmTrouble: () => string | null;
  };
  readonly concurrency: number;
  readonly metrics: WorkerMetrics;
}

const well: ComponentState = { state: "ok", reason: null };
const pingBoundMs = 3_000;
const recordBoundMs = 3_000;

/** Who this process is among the workers: a new id at each start, so that two of one name are never mixed up. */
export function workerIdentity(id: string, version: string): WorkerIdentity {
  return { id, name: `${hostname()}-${String(process.pid)}`, version };
}

/**
 * Says every few seconds, in the database and to `states`, how this worker and what it depends on are. Whether it can say
 * it is how the database is.
 */
export function reportWorker(deps: ReportWorkerDeps): Sweep {
  return {
    name: "report-worker",
    everyMs: 3_000,
    run: async (signal) => {
      const began = performance.now();
      deps.metrics.running(deps.running());
      deps.metrics.warm(deps.warm.warmReady());
      const components = {
        engine: await engineState(deps, signal),
        models: modelsState(deps.gateway),
        queue: queueState(deps.queueState()),
        storage: await deps.storageState(),
      };
      for (const [component, state] of Object.entries(components))
        deps.states.report(component, state, began);
      const report: WorkerReport = {
        ...components,
        taking: deps.isTaking(),
        running: deps.running(),
        concurrency: deps.concurrency,
        warm: { wanted: deps.warm.warmWanted(), ready: deps.warm.warmReady() },
        providers: providersOf(deps.gateway),
        metrics: await deps.metrics.registry.getMetricsAsJSON(),
      };
      const sentAt = performance.now();
      deps.states.report("database", await recordState(() => deps.record(deps.identity, report)), sentAt);
    },
  };
}

async function recordState(record: () => Promise<void>): Promise<ComponentState> {
  try {
    await within(record(), recordBoundMs);
    return well;
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return { state: "away", reason: describeDatabaseFault(error) };
  }
}

async function engineState(
  { provider, warm }: Pick<ReportWorkerDeps, "provider" | "warm">,
  signal: AbortSignal,
): Promise<ComponentState> {
  try {
    await provider.ping(AbortSignal.any([signal, AbortSignal.timeout(pingBoundMs)]));
    const reason = warm.warmTrouble();
    // What cannot be made ahead, no Job will get either.
    return reason === null ? well : { state: "degraded", reason };
  } catch {
    return { state: "away", reason: "the container engine does not answer" };
  }
}

function queueState(state: QueueStateName): ComponentState {
  return state === "away" ? { state: "away", reason: "the worker cannot reach the queue" } : well;
}

function modelsState({ state, configured }: Pick<ModelGateway, "state" | "configured">): ComponentState {
  if (!configured)
    return { state: "degraded", reason: "no model provider is configured: prompts need fenced code" };
  const { primary, fallback } = state();
  const ill = [describe("primary", primary), describe("fallback", fallback)].filter(
    (reason) => reason !== null,
  );
  return ill.length === 0 ? well : { state: "degraded", reason: ill.join("; ") };
}

function providersOf({ state }: Pick<ModelGateway, "state">): readonly ProviderReport[] {
  const { primary, fallback } = state();
  return [toReport("primary", primary), toReport("fallback", fallback)].filter((each) => each !== null);
}

function toReport(provider: ProviderReport["provider"], known: ProviderState | null): ProviderReport | null {
  return known && { provider, model: known.model, circuit: known.circuit, reason: known.reason };
}

function describe(role: string, state: ProviderState | null): string | null {
  if (state === null || state.status === "ok") return null;
  return `${role} (${state.model}) is ${state.status}${state.reason === null ? "" : `: ${state.reason}`}`;
}
