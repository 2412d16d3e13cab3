import { z } from "zod";
import { secrets } from "./environment.ts";
import type { JobRequest } from "./schedule-request.ts";

/**
 * What is stored sealed of a Job with secrets: those, and its whole request, as a caller may have written them into any
 * text of it. Jobs that an API of before has taken have the secrets alone there, and their request in clear.
 */
export const sealedJob = z.union([
  // Nobody without the key can have sealed it, and the API has validated it.
  z.strictObject({ secrets, request: z.custom<JobRequest>(isObject) }),
  secrets.transform((alone) => ({ secrets: alone, request: null })),
]);

export type SealedJob = z.input<typeof sealedJob>;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
