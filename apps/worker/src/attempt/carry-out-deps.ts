import type { EgressSettings } from "../egress/create-egress.ts";
import type { ModelGateway } from "../models/create-model-gateway.ts";
import type { PipelineDeps } from "../pipeline/run-pipeline.ts";
import type { Sandbox, SandboxProvider } from "../sandbox/sandbox-provider.ts";
import type { WorkerMetrics } from "../worker-metrics.ts";
import type { ConcludeDeps } from "./conclude-deps.ts";
import type { OpenAttemptDeps } from "./open-attempt.ts";
import type { OutliveDeps } from "./or-outlive.ts";

/** What an Attempt is carried out with. */
export interface CarryOutDeps
  extends Pick<OpenAttemptDeps, "store" | "leaseSeconds">, Omit<ConcludeDeps, "onEnd"> {
  readonly provider: SandboxProvider;
  readonly goneAfterSilenceMs: OutliveDeps["goneAfterSilenceMs"];
  readonly gateway: ModelGateway;
  readonly egress: EgressSettings;
  readonly metrics: WorkerMetrics;
}

/** The Sandbox of the Attempt, and where another worker had come with it. */
export interface HeldSandbox {
  readonly sandbox: Sandbox;
  readonly resumed: PipelineDeps["resumed"];
}
