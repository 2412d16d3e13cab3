import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../seeded-random.ts";
import { type BegunDownload, type BegunStream, beginDownload, beginStream } from "./begun-answers.ts";

/** What the client that deleted a Job, and those who read it meanwhile, have seen. */
export interface Deletion {
  /** 204, or 404 where the answer to an earlier one was lost; null where none was answered so in time. */
  readonly status: number | null;
  /** Answers that had begun when the Job was deleted; null where there was none. */
  readonly download: BegunDownload | null;
  readonly stream: BegunStream | null;
}

export interface DeleteOptions {
  readonly url: () => string;
  readonly random: Random;
  /** Aborted when waiting is over. */
  readonly giveUp: AbortSignal;
}

const answerMs = 15_000;
const readMs = 60_000;

/** Deletes an ended Job, sometimes beside a download or a stream that has begun, and reads those to their end. */
export async function deleteJob(id: string, { url, random, giveUp }: DeleteOptions): Promise<Deletion> {
  const stop = AbortSignal.any([giveUp, AbortSignal.timeout(readMs)]);
  const [download, stream] = await Promise.all([
    random.chance(0.5) ? beginDownload(`${url()}/download/${id}`, stop) : null,
    random.chance(0.5) ? beginStream(`${url()}/events/${id}`, stop) : null,
  ]);
  // Some read on all the while; others stand still until it is gone.
  const readOn = random.chance(0.5);
  if (readOn) void Promise.all([download?.rest(), stream?.rest()]);
  const status = await untilDeleted(id, url, giveUp);
  const [readBytes = null, readEvents = null] = await Promise.all([download?.rest(), stream?.rest()]);
  return { status, download: readBytes, stream: readEvents };
}

async function untilDeleted(id: string, url: () => string, giveUp: AbortSignal): Promise<number | null> {
  let isLost = false;
  while (!giveUp.aborted) {
    try {
      const signal = AbortSignal.timeout(answerMs);
      const response = await fetch(`${url()}/jobs/${id}`, { method: "DELETE", signal });
      await response.body?.cancel();
      const { status } = response;
      if (status === 204 || (status === 404 && isLost)) return status;
      if (status < 500)
        throw new Error(`DELETE of an ended job was answered with ${String(status)}`, { cause: "refused" });
      isLost = true;
    } catch (error) {
      if (error instanceof Error && error.cause === "refused") throw error;
      isLost = true;
    }
    await pause(300);
  }
  return null;
}
