import type { Job } from "@longshore/client";

type Cost = NonNullable<Job["usage"]["cost"]>;

/** Money as people say it, small sums to three places that count: $0.000065, $1.25. */
export function formatCost({ amount, currency }: Cost): string {
  const style = { style: "currency", currency } as const;
  const isSmall = amount > 0 && amount < 1;
  const digits = isSmall ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 };
  return new Intl.NumberFormat("en", { ...style, ...digits }).format(amount);
}
