import { isJobId } from "@longshore/shared/domain/job-id";
import { z } from "zod";

/** Path parameter of every route of one Job. */
export const jobIdParams = z.strictObject({
  id: z
    .string()
    .refine(isJobId, { error: "must be a job id: a UUID such as 0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87" })
    .transform((id) => id.toLowerCase())
    .meta({ description: "Id of the job.", format: "uuid" }),
});

/** The query of a route that takes none: anything there is a mistake that the caller should hear of. */
export const noQuery = z.strictObject({});

/** A whole number in the query or in a header, written in digits. */
export function wholeNumberText(min: number, max: number) {
  const range = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, { error: range, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, { error: range });
}

/** How {@link wholeNumberText} is documented. */
export function wholeNumberMeta(min: number, max: number, description: string, fallback?: number) {
  return {
    type: "integer" as const,
    minimum: min,
    maximum: max,
    description,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}
