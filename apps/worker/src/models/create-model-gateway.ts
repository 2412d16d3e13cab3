import type { Step } from "@longshore/shared/contracts/step";
import type { CallOutcome, ModelCall } from "@longshore/shared/contracts/usage";
import type { AnalysisRequest } from "./analysis-request.ts";
import { buildPrompt } from "./build-prompt.ts";
import { startCallDeadline } from "./call-deadline.ts";
import {
  type CircuitDeps,
  createProviderCircuit,
  type ProviderCircuit,
  type ProviderState,
} from "./create-provider-circuit.ts";
import type { Prompts } from "./load-prompts.ts";
import { type ModelPrices, priceTokens } from "./model-prices.ts";
import type { ModelProvider } from "./model-provider.ts";
import { readPlan } from "./read-plan.ts";

/** Why one provider gave no plan. `reason` never holds keys or addresses. */
export interface ProviderReason {
  readonly provider: ModelProvider["role"];
  readonly model: string;
  readonly outcome: CallOutcome;
  readonly reason: string;
}

/** How one turn ended. `calls` are those of this turn, in order; the circuits that were open are among them. */
export type TurnResult = { readonly calls: readonly ModelCall[] } & (
  | { readonly type: "plan"; readonly steps: readonly Step[]; readonly promptVersion: string }
  /** A provider answered, with no valid plan: the sentences are for the next turn's history. */
  | { readonly type: "invalid"; readonly reasons: readonly string[] }
  /** No provider answered. */
  | { readonly type: "unavailable"; readonly reasons: readonly ProviderReason[] }
  | { readonly type: "budget_exceeded" }
  /** The caller's signal was aborted; its reason says why. */
  | { readonly type: "stopped" }
);

export interface TurnRequest {
  readonly analysis: AnalysisRequest;
  /** Tokens that the Job may still use. Looked at before each call, never during one. */
  readonly tokensLeft: number;
  /** Called as each call ends. */
  readonly onCall: (call: ModelCall) => void;
}

export interface ModelGateway {
  /** False where no provider is configured: only the literal planner is left. */
  readonly configured: boolean;
  plan(turn: TurnRequest, signal: AbortSignal): Promise<TurnResult>;
  /** Null for a provider that is not configured. */
  state(): { readonly primary: ProviderState | null; readonly fallback: ProviderState | null };
}

export interface ModelGatewayDeps {
  readonly primary: ModelProvider | null;
  readonly fallback: ModelProvider | null;
  readonly prompts: Prompts;
  /** From the first byte sent to the last byte read, of each call. */
  readonly callTimeoutMs: number;
  readonly circuitOpenMs: number;
  /** Null where none are told: no call has a cost then. */
  readonly prices: ModelPrices | null;
  /** Monotonic milliseconds, for durations. */
  readonly now: () => number;
  readonly onStateChange: CircuitDeps["onStateChange"];
}

/** Asks the primary provider and, where that gives no valid plan, the fallback. One turn is at most one call of each. */
export function createModelGateway(deps: ModelGatewayDeps): ModelGateway {
  const { prompts, circuitOpenMs, onStateChange } = deps;
  const circuitOf = (provider: ModelProvider | null) =>
    provider && createProviderCircuit({ provider, openMs: circuitOpenMs, onStateChange });
  const primary = circuitOf(deps.primary);
  const fallback = circuitOf(deps.fallback);
  const circuits = [primary, fallback].filter((circuit) => circuit !== null);

  const call = createCall(deps);

  async function plan(
    { analysis, tokensLeft, onCall }: TurnRequest,
    signal: AbortSignal,
  ): Promise<TurnResult> {
    const calls: ModelCall[] = [];
    const reasons: ProviderReason[] = [];
    let asked = analysis;
    let left = tokensLeft;
    for (const circuit of circuits) {
      if (signal.aborted) return { type: "stopped", calls };
      if (left <= 0) return { type: "budget_exceeded", calls };
      const { record, steps, faults, reason } = await call(circuit, asked, signal);
      calls.push(record);
      onCall(record);
      if (steps !== null) return { type: "plan", steps, promptVersion: prompts.version, calls };
      left -= record.input_tokens + record.output_tokens;
      reasons.push({ provider: record.provider, model: record.model, outcome: record.outcome, reason });
      if (faults.length > 0)
        asked = { ...asked, history: [...asked.history, { type: "invalid_answer", reasons: faults }] };
    }
    if (signal.aborted) return { type: "stopped", calls };
    const answered = reasons.filter(({ outcome }) => outcome === "invalid_plan" || outcome === "refusal");
    return answered.length > 0
      ? { type: "invalid", reasons: answered.map(describeReason), calls }
      : { type: "unavailable", reasons, calls };
  }

  return {
    configured: circuits.length > 0,
    plan,
    state: () => ({ primary: primary?.state() ?? null, fallback: fallback?.state() ?? null }),
  };
}

/** One call: its deadline and its record, and the Steps where the answer is a valid plan. */
function createCall({
  prompts,
  callTimeoutMs,
  prices,
  now,
}: Pick<ModelGatewayDeps, "prompts" | "callTimeoutMs" | "prices" | "now">) {
  return async function call(
    { provider, ask }: ProviderCircuit,
    analysis: AnalysisRequest,
    signal: AbortSignal,
  ) {
    const prompt = buildPrompt(prompts, analysis);
    const startedAt = now();
    using deadline = startCallDeadline(callTimeoutMs, signal);
    const answer = await ask(prompt, deadline.signal);
    const duration_ms = Math.max(0, Math.round(now() - startedAt));
    const read = answer.outcome === "ok" ? readPlan(answer.text) : null;
    const faults = read?.ok === false ? read.failure : [];
    const { model } = provider;
    const [input, output] =
      answer.outcome === "circuit_open" ? [0, 0] : [answer.inputTokens, answer.outputTokens];
    const cost = priceTokens(prices, { model, input, output });
    const record: ModelCall = {
      provider: provider.role,
      model,
      outcome: read?.ok === false ? "invalid_plan" : answer.outcome,
      duration_ms,
      input_tokens: input,
      output_tokens: output,
      ...(cost !== null && { cost }),
    };
    const reason = answer.outcome === "ok" ? faults.join("; ") : answer.reason;
    return { record, steps: read?.ok === true ? read.value : null, faults, reason };
  };
}

/** A provider's reason as part of a Job's failure message. */
export function describeReason({ provider, model, reason }: ProviderReason): string {
  return `${provider} (${model}): ${reason}`;
}
