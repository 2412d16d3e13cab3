import { z } from "zod";

/** What the queue carries: which Attempt of which Job is due. Everything else is in Postgres. */
export const message = z.strictObject({ jobId: z.uuid(), attempt: z.number().int().min(1) });

export type Message = z.output<typeof message>;

/** The queue's id of a Message, so that offering one a second time is a no-op. */
export function messageId({ jobId, attempt }: Message): string {
  return `${jobId}-a${String(attempt)}`;
}

/** The id of a second Message of the same Attempt, for where the first one has brought another Attempt to run. */
export function secondMessageId(first: Message): string {
  return `${messageId(first)}-again`;
}

const idForm = /^([0-9a-f-]{36})-a([1-9][0-9]{0,8})(?:-again)?$/;

/** What an id in the queue says; null where it is no Message's. */
export function parseMessageId(id: string): Message | null {
  const [, jobId, attempt] = idForm.exec(id) ?? [];
  return message.safeParse({ jobId, attempt: Number(attempt) }).data ?? null;
}
