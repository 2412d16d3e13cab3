import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Timeline } from "../report/timeline.ts";
import type { Random } from "../seeded-random.ts";
import { followStream, type StreamRecord } from "./follow-stream.ts";
import type { ChaosJob } from "./job-programs.ts";

/** What a client knows of a Job that it got a 202 for. */
export interface PlayedJob {
  readonly id: string;
  readonly job: ChaosJob;
  readonly acceptedAt: number;
  /** The status when it was first seen as ended, and when; null where it never was. */
  end: { readonly status: string; readonly at: number; readonly view: JobStatusView } | null;
  /** What the service answered to a cancel. */
  cancelAnswer: { readonly cancelled: boolean; readonly at: number } | null;
  stream: StreamRecord | null;
}

/** The part of GET /status that is looked at. */
export interface JobStatusView {
  readonly status: string;
  readonly attempt: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly output: { readonly sha256: string; readonly archive_bytes: number } | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}

export interface ClientOptions {
  /** An address of the service, another each time where there are several. */
  readonly url: () => string;
  readonly random: Random;
  readonly timeline: Timeline;
  /** Aborted when waiting for the end is over. */
  readonly giveUp: AbortSignal;
}

/** Schedules a Job, follows it, perhaps cancels it, and resolves at its end. Null where no 202 came. */
export async function playJob(
  job: ChaosJob,
  { url, random, timeline, giveUp }: ClientOptions,
): Promise<PlayedJob | null> {
  const id = await submit(job, url, random, giveUp);
  if (id === null) return null;
  timeline.note(`202 (${job.kind})`, { jobId: id });
  const played: PlayedJob = {
    ...{ id, job, acceptedAt: Date.now() },
    ...{ end: null, cancelAnswer: null, stream: null },
  };
  const cancelling = random.chance(0.15)
    ? cancelLater(played, random.between(0, job.workMs + 3_000), url, giveUp)
    : Promise.resolve();
  const following = random.chance(0.6)
    ? followStream(id, { url, random: random.fork(id), cuts: random.chance(0.7), stop: giveUp })
    : Promise.resolve(null);
  await waitForEnd(played, url, giveUp);
  await cancelling;
  played.stream = await following;
  timeline.note(`seen as ${played.end?.status ?? "not ended"}`, { jobId: id });
  return played;
}

/** With a key, so that an answer that was lost can be asked for again; two at once now and then. */
async function submit(
  job: ChaosJob,
  url: () => string,
  random: Random,
  giveUp: AbortSignal,
): Promise<string | null> {
  const key = randomUUID();
  const post = async (): Promise<string | null> => {
    while (!giveUp.aborted) {
      try {
        const response = await fetch(`${url()}/schedule`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": key },
          body: JSON.stringify(job.body),
          signal: AbortSignal.timeout(15_000),
        });
        // safety: the contract's own tests hold the answers against their schemas.
        const body = (await response.json()) as { job_id?: string };
        if (response.status === 202 || response.status === 200) return body.job_id ?? null;
        if (response.status < 500)
          throw new Error(`the service refused a job: ${JSON.stringify(body)}`, { cause: "refused" });
      } catch (error) {
        if (error instanceof Error && error.cause === "refused") throw error;
      }
      await pause(300);
    }
    return null;
  };
  const ids = await Promise.all(random.chance(0.15) ? [post(), post()] : [post()]);
  const [first = null, second = first] = ids;
  if (first !== null && second !== null && first !== second)
    throw new Error(`one idempotency key made two jobs, ${first} and ${second}`);
  return first;
}

async function cancelLater(played: PlayedJob, afterMs: number, url: () => string, giveUp: AbortSignal) {
  await pause(afterMs, undefined, { signal: giveUp }).catch(() => undefined);
  while (!giveUp.aborted && played.cancelAnswer === null) {
    try {
      const response = await fetch(`${url()}/cancel/${played.id}`, {
        method: "POST",
        signal: AbortSignal.timeout(15_000),
      });
      if (response.status === 200) {
        // safety: as above.
        const { cancelled } = (await response.json()) as { cancelled: boolean };
        played.cancelAnswer = { cancelled, at: Date.now() };
        return;
      }
      await response.body?.cancel();
    } catch {
      // It is asked again: doing it twice is the same as once.
    }
    await pause(300);
  }
}

const terminal = new Set(["succeeded", "failed", "cancelled"]);

async function waitForEnd(played: PlayedJob, url: () => string, giveUp: AbortSignal): Promise<void> {
  while (!giveUp.aborted) {
    try {
      const response = await fetch(`${url()}/status/${played.id}`, { signal: AbortSignal.timeout(15_000) });
      const at = Date.now();
      // safety: as above.
      const view = (await response.json()) as JobStatusView;
      if (response.status === 200 && terminal.has(view.status)) {
        played.end = { status: view.status, at, view };
        return;
      }
    } catch {
      // Away: asked again.
    }
    await pause(200);
  }
}
