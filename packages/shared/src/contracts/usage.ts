import { z } from "zod";

/** How one call of a model provider ended. */
export const callOutcomes = [
  "ok",
  "rate_limited",
  "timeout",
  "connection",
  "server_error",
  "refused_key",
  "bad_request",
  "empty",
  "malformed",
  "invalid_plan",
  "refusal",
  "circuit_open",
] as const;

export type CallOutcome = (typeof callOutcomes)[number];

/** Money, by the prices that the worker of a call had when that was made. */
export const cost = z
  .strictObject({ amount: z.number().min(0), currency: z.string().regex(/^[A-Z]{3}$/) })
  .meta({ id: "Cost" });

export type Cost = z.output<typeof cost>;

/** The record of one call of a model provider. */
export const modelCall = z
  .strictObject({
    provider: z.enum(["primary", "fallback"]),
    model: z.string(),
    outcome: z.enum(callOutcomes),
    duration_ms: z.number().int().min(0),
    input_tokens: z.number().int().min(0),
    output_tokens: z.number().int().min(0),
    cost: cost.optional().describe("Absent where the service was told no price of this model."),
  })
  .meta({ id: "ModelCall" });

export type ModelCall = z.output<typeof modelCall>;

export const usage = z
  .strictObject({
    input_tokens: z.number().int().min(0),
    output_tokens: z.number().int().min(0),
    calls: z.array(modelCall),
    cost: cost.optional().describe("Of all calls; absent where one that took tokens has none."),
  })
  .meta({ id: "Usage" });

export type Usage = z.output<typeof usage>;

export const noUsage: Usage = { input_tokens: 0, output_tokens: 0, calls: [] };
