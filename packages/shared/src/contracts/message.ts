import { z } from "zod";

/** What the queue carries: which Attempt of which Job is due. Everything else is in Postgres. */
export const message = z.strictObject({ jobId: z.uuid(), attempt: z.number().int().min(1) });

export type Message = z.output<typeof message>;

/** The queue's id of a Message, so that offering one a second time is a no-op. */
export function messageId({ jobId, attempt }: Message): string {
  return `${jobId}-a${String(attempt)}`;
}
