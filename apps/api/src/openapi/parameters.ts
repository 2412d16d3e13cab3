import { tenantNameText } from "@longshore/shared/contracts/tenant-name";
import { isKeyHandle } from "@longshore/shared/domain/api-key";
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

/** Path parameter of what is done to one API key. */
export const keyParams = z.strictObject({
  key: z
    .string()
    .refine(isKeyHandle, {
      error: "must be the prefix of an API key (lsk_ and 8 characters) or its id, and not the key itself",
    })
    .transform((key) => key.toLowerCase())
    .meta({
      description: "Prefix or id of the API key; never the key itself: addresses are logged on the way.",
    }),
});

/** Path parameter of what is done to one tenant. */
export const tenantParams = z.strictObject({
  name: tenantNameText.meta({ description: "Name of the tenant." }),
});

/** Header of a route that knows a request again. `what` it answers then, as a sentence. */
export function idempotencyHeader(what: string) {
  return z.object({
    "Idempotency-Key": z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, { error: "must be 1 to 255 visible ASCII characters, given once" })
      .optional()
      .meta({ description: what }),
  });
}

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
