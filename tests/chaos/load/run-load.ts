import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../seeded-random.ts";
import type { Timeline } from "../report/timeline.ts";
import { drawJob } from "./job-programs.ts";
import type { ModelService } from "./model-service.ts";
import { playJob, type PlayedJob } from "./play-client.ts";

export interface LoadOptions {
  readonly clients: number;
  readonly url: () => string;
  readonly random: Random;
  readonly models: ModelService;
  readonly timeline: Timeline;
  /** Aborted when no further Jobs are to be scheduled. */
  readonly stop: AbortSignal;
  /** Aborted when waiting for ends is over. */
  readonly giveUp: AbortSignal;
  /** Looks at a Job that has ended. */
  readonly onPlayed: (played: PlayedJob) => Promise<void>;
}

/** Runs so many clients, each with one Job after the other, until `stop`; resolves when the last Job was looked at. */
export async function runLoad(options: LoadOptions): Promise<void> {
  const { clients, random, models, timeline, stop, giveUp, onPlayed } = options;
  const client = async (own: Random): Promise<void> => {
    await pause(own.between(0, 3_000));
    while (!stop.aborted) {
      const job = drawJob(own);
      models.register(job);
      try {
        const played = await playJob(job, { url: options.url, random: own, timeline, giveUp });
        if (played !== null) await onPlayed(played);
      } catch (error) {
        timeline.broken(1, null, error instanceof Error ? error.message : String(error));
      }
      models.forget(job);
      await pause(own.between(0, 800));
    }
  };
  await Promise.all(
    Array.from({ length: clients }, (_, index) => client(random.fork(`client ${String(index)}`))),
  );
}
