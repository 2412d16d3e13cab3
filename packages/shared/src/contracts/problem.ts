import { z } from "zod";

/** An error, as RFC 9457 has it, with a stable code. */
export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: "Problem" });

export type ProblemBody = z.output<typeof problem>;
