import { describe, expect, test } from "vitest";
import { parseModelPrices, priceTokens, sumCosts } from "./model-prices.ts";

const prices = {
  currency: "USD",
  per_million_tokens: { "small-1": { input: 0.25, output: 2 }, local: { input: 0, output: 0 } },
};

test("prices are read as they are written", () => {
  expect(parseModelPrices(JSON.stringify(prices))).toEqual({ ok: true, value: prices });
});

test.each([
  ["nonsense", /it is not: /],
  ['{"currency":"USD"}', /at per_million_tokens: /],
  ['{"currency":"dollars","per_million_tokens":{}}', /at currency: /],
  ['{"currency":"USD","per_million_tokens":{"m":{"input":1}}}', /at per_million_tokens\/m\/output: /],
  [
    '{"currency":"USD","per_million_tokens":{"m":{"input":-1,"output":1}}}',
    /at per_million_tokens\/m\/input: /,
  ],
  ['{"currency":"USD","per_million_tokens":{},"per_token":{}}', /it is not: .*per_token/],
])("%s is told to be wrong, where, and how it should look", (text, fault) => {
  const read = parseModelPrices(text);
  expect(read).toEqual({ ok: false, failure: expect.stringMatching(/^MODEL_PRICES must be JSON like \{/) });
  expect(read).toEqual({ ok: false, failure: expect.stringMatching(fault) });
});

describe("a call", () => {
  test("costs what its tokens cost, in and out", () => {
    expect(priceTokens(prices, { model: "small-1", input: 1_000_000, output: 500_000 })).toEqual({
      ...{ amount: 1.25, currency: "USD" },
    });
    expect(priceTokens(prices, { model: "small-1", input: 3, output: 1 })?.amount).toBe(0.000_002_75);
    expect(priceTokens(prices, { model: "local", input: 9, output: 9 })?.amount).toBe(0);
  });

  test.each(["other", "constructor", "__proto__"])(
    "of %s, whose price nobody has told, has no cost",
    (model) => {
      expect(priceTokens(prices, { model, input: 1, output: 1 })).toBeNull();
      expect(priceTokens(null, { model: "small-1", input: 1, output: 1 })).toBeNull();
    },
  );
});

test("a sum is told only where all of it is known, in one currency", () => {
  const [usd, eur] = [
    { amount: 0.1, currency: "USD" },
    { amount: 0.2, currency: "EUR" },
  ];
  expect(sumCosts([usd, { amount: 0.2, currency: "USD" }])).toEqual({ amount: 0.3, currency: "USD" });
  for (const costs of [[], [usd, null], [null, usd], [usd, eur]]) expect(sumCosts(costs)).toBeNull();
});
