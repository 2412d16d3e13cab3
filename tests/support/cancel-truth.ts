import { expect } from "vitest";
import type { JobView } from "@longshore/shared/contracts/job-view";
import type { Stack } from "./stack.ts";

/**
 * Cancels a Job, waits for its end, and holds it against the answer: who is told yes has a cancelled Job, and who is told
 * no another end; a cancelled Job has no container that runs, and its Events are 1…n with one `end`, the last.
 */
export async function expectTrueCancel(
  { client, running }: Pick<Stack, "client" | "running">,
  job: string,
): Promise<{ readonly promised: boolean; readonly ended: JobView }> {
  const answer = await client.request(`/cancel/${job}?wait=30`, { method: "POST" });
  // safety: the contract's own tests hold the answer against its schema.
  const { cancelled: promised } = (await answer.json()) as { cancelled: boolean };
  const ended = await client.ended(job);
  expect(ended.status === "cancelled").toBe(promised);
  if (promised) expect((await running()).filter((name) => name.includes(job))).toEqual([]);
  const ids: number[] = [];
  const ends: unknown[] = [];
  for await (const { id, event, data } of client.events(job)) {
    ids.push(id);
    if (event === "end") ends.push(data["status"]);
  }
  expect(ids).toEqual(Array.from(ids, (_, at) => at + 1));
  expect(ends).toEqual([ended.status]);
  return { promised, ended };
}
