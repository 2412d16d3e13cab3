import { z } from "zod";

/** A whole number of `min` to `max`, written in digits; `fallback` where the variable is unset. */
export function wholeNumber(min: number, max: number, fallback: number) {
  const range = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, { error: range, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: range })
    .default(fallback);
}
