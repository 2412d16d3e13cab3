import { limitRanges } from "@longshore/shared/domain/limits";
import type { AnalysisRequest } from "../analysis-request.ts";
import { createFallbackProvider } from "../create-fallback-provider.ts";
import { createModelGateway, type ModelGatewayDeps } from "../create-model-gateway.ts";
import { createPrimaryProvider } from "../create-primary-provider.ts";
import { loadPrompts } from "../load-prompts.ts";
import { profiles } from "../profiles.ts";
import { canaryKeys } from "./wire-faults.ts";

/** A plan that a model could have written. */
export const goodPlan = JSON.stringify({ steps: [{ kind: "shell", command: "echo good" }] });

/** A first turn with every default. */
export function firstTurn(changes: Partial<AnalysisRequest> = {}): AnalysisRequest {
  const limits = {
    timeout_seconds: limitRanges.timeout_seconds.default,
    cpus: limitRanges.cpus.default,
    memory_mb: limitRanges.memory_mb.default,
    pids: limitRanges.pids.default,
    disk_mb: limitRanges.disk_mb.default,
    output_mb: limitRanges.output_mb.default,
    log_mb: limitRanges.log_mb.default,
    max_tokens: limitRanges.max_tokens.default,
  };
  return {
    prompt: "Say good.",
    turn: 1,
    maxTurns: 3,
    network: "none",
    limits,
    files: [],
    history: [],
    ...changes,
  };
}

export const primaryAt = (url: string) =>
  createPrimaryProvider({
    profile: "custom",
    baseUrl: `${url}/v1`,
    model: "p-model",
    apiKey: canaryKeys.primary,
    formats: profiles.custom.formats,
  });

export const fallbackAt = (url: string) =>
  createFallbackProvider({ baseUrl: url, model: "f-model", apiKey: canaryKeys.fallback });

/** A gateway as main.ts builds it, with short times. */
export async function gatewayWith(changes: Partial<ModelGatewayDeps>) {
  return createModelGateway({
    primary: null,
    fallback: null,
    prompts: await loadPrompts(),
    callTimeoutMs: 5_000,
    circuitOpenMs: 30_000,
    prices: null,
    now: () => performance.now(),
    onStateChange: () => undefined,
    ...changes,
  });
}
