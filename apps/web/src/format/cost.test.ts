import { expect, test } from "vitest";
import { formatCost } from "./cost.ts";

test.each([
  [0.000_065, "USD", "$0.000065"],
  [0.012_345, "EUR", "€0.0123"],
  [1.25, "USD", "$1.25"],
  [1_234.5, "USD", "$1,234.50"],
  [0, "USD", "$0.00"],
])("%d %s is %s", (amount, currency, text) => {
  expect(formatCost({ amount, currency })).toBe(text);
});
