import type { ModelCall, Usage } from "@longshore/shared/contracts/usage";
import { sumCosts } from "../models/model-prices.ts";

/** The use of models with one more call. */
export function addCall(usage: Usage, call: ModelCall): Usage {
  const calls = [...usage.calls, call];
  const paid = calls.filter(({ input_tokens, output_tokens }) => input_tokens + output_tokens > 0);
  const cost = sumCosts(paid.map((each) => each.cost ?? null));
  return {
    input_tokens: usage.input_tokens + call.input_tokens,
    output_tokens: usage.output_tokens + call.output_tokens,
    calls,
    ...(cost !== null && { cost }),
  };
}
