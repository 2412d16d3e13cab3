import { z } from "zod";
import { failureCodes, isRetryable, type JobFailure } from "../domain/failure.ts";

/** `failure` of /status and of the `end` event. */
export const jobFailureView = z
  .strictObject({
    code: z.enum(failureCodes),
    message: z.string(),
    retryable: z.boolean(),
    step: z.number().int().min(1).nullable(),
  })
  .meta({ id: "JobFailure" });

export type JobFailureView = z.output<typeof jobFailureView>;

/** How a failure is shown: with what its code says of trying again. */
export function toFailureView({ code, message, step }: JobFailure): JobFailureView {
  return { code, message, retryable: isRetryable(code), step };
}
