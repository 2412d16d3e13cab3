import { type ModelCall, noUsage, type Usage } from "@longshore/shared/contracts/usage";
import { expect, test } from "vitest";
import { addCall } from "./add-call.ts";

const call = (tokens: number, amount: number | null): ModelCall => ({
  ...{ provider: "primary", model: "m", outcome: "ok", duration_ms: 1 },
  ...{ input_tokens: tokens, output_tokens: 0 },
  ...(amount !== null && { cost: { amount, currency: "USD" } }),
});

const after = (...calls: readonly ModelCall[]): Usage => calls.reduce(addCall, noUsage);

test("what calls cost is summed, and told only while all that took tokens have a price", () => {
  expect(after(call(10, 0.1), call(20, 0.2))).toMatchObject({
    input_tokens: 30,
    cost: { amount: 0.3, currency: "USD" },
  });
  // One that was not made, as its circuit is open, took nothing.
  expect(after(call(10, 0.1), call(0, null))).toMatchObject({ cost: { amount: 0.1 } });
  expect(after(call(10, 0.1), call(20, null))).not.toHaveProperty("cost");
  expect(after(call(10, null))).toEqual({ input_tokens: 10, output_tokens: 0, calls: [call(10, null)] });
});
