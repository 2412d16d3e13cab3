import type { CallOutcome } from "@longshore/shared/contracts/usage";
import type { SchemaNode } from "./plan-schema.ts";

/** What a model is asked. `schema` is the JSON Schema of the answer in its reduced form, for providers that can be held to one. */
export interface ModelPrompt {
  readonly system: string;
  readonly user: string;
  readonly schema: SchemaNode;
}

/** What one call of a provider gave, as text that has not been read yet, or how it failed. Tokens are 0 where it did not say. */
export type ModelAnswer = {
  readonly inputTokens: number;
  readonly outputTokens: number;
} & (
  | { readonly outcome: "ok"; readonly text: string }
  | {
      readonly outcome: Exclude<CallOutcome, "ok" | "invalid_plan" | "circuit_open">;
      /** A sentence for a person, without keys, headers or addresses that hold them. */
      readonly reason: string;
      /** From Retry-After, where the provider sent one. */
      readonly retryAfterMs: number | null;
    }
);

/** One model service. Never throws for what the service does; `signal` carries the whole call's deadline and the Job's end. */
export interface ModelProvider {
  readonly role: "primary" | "fallback";
  readonly model: string;
  ask(prompt: ModelPrompt, signal: AbortSignal): Promise<ModelAnswer>;
}
