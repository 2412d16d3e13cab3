import type { Cost } from "@longshore/shared/contracts/usage";
import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { z } from "zod";

const price = z.number().min(0).max(1_000_000);

const modelPrices = z.strictObject({
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  per_million_tokens: z.record(z.string(), z.strictObject({ input: price, output: price })),
});

/** What the operator says that models cost. */
export type ModelPrices = z.output<typeof modelPrices>;

const form = '{"currency":"USD","per_million_tokens":{"a-model":{"input":0.25,"output":2}}}';

/** Reads MODEL_PRICES; a fault is a sentence that says what is wrong, and how it is to look. */
export function parseModelPrices(text: string): Result<ModelPrices, string> {
  const read = modelPrices.safeParse(parseJson(text));
  if (read.success) return succeed(read.data);
  const [issue] = read.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join("/")}`;
  return fail(`MODEL_PRICES must be JSON like ${form}; it is not${where}: ${issue?.message ?? "invalid"}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Digits behind the point that are kept: a token costs some millionths. */
const digits = 9;

/** What so many tokens of a model cost; null where its price is not known. */
export function priceTokens(
  prices: ModelPrices | null,
  { model, input, output }: { readonly model: string; readonly input: number; readonly output: number },
): Cost | null {
  if (prices === null || !Object.hasOwn(prices.per_million_tokens, model)) return null;
  const each = prices.per_million_tokens[model];
  if (each === undefined) return null;
  return toCost((input * each.input + output * each.output) / 1_000_000, prices.currency);
}

/** All together; null where there is none, where one is not known, or they are in several currencies. */
export function sumCosts(costs: readonly (Cost | null)[]): Cost | null {
  const [first] = costs;
  if (first === undefined || first === null) return null;
  let amount = 0;
  for (const each of costs) {
    if (each?.currency !== first.currency) return null;
    amount += each.amount;
  }
  return toCost(amount, first.currency);
}

function toCost(amount: number, currency: string): Cost {
  return { amount: Number(amount.toFixed(digits)), currency };
}
