import { mostSamples, type Sample } from "@longshore/shared/db/job-samples";
import type { Sandbox } from "../sandbox/sandbox-provider.ts";
import type { AttemptStore } from "./attempt-store.ts";
import type { OpenAttempt } from "./open-attempt.ts";

export interface SampleTimes {
  /** From the first look to the second one, and before the first: a short Job is not looked at. */
  readonly everyMs: number;
  /** When so many are there, every second one goes, and looks come half as often. An even number. */
  readonly most: number;
}

const usual: SampleTimes = { everyMs: 2_000, most: mostSamples };

/**
 * Looks every two seconds at what the Sandbox uses, one look at a time, and stores it; more and more seldom the longer it
 * runs. For people to see: a look that fails is left out, nothing waits for one. Gives what stops it, which ends a look
 * that is under way, too.
 */
export function sampleSandbox(
  sandbox: Pick<Sandbox, "use">,
  { fence, logger, databaseTime }: Pick<OpenAttempt, "fence" | "logger" | "databaseTime">,
  store: Pick<AttemptStore, "samples" | "storeSamples">,
  times: SampleTimes = usual,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let everyMs = times.everyMs;
  let samples: readonly Sample[] = [];
  // Another worker's, of a Sandbox that was taken over.
  let known = fence.epoch === 0;
  let timer: NodeJS.Timeout | undefined;
  const keep = (more: readonly Sample[]): void => {
    samples = more;
    while (samples.length >= times.most) {
      samples = samples.filter((_, at) => at % 2 === 1);
      everyMs *= 2;
    }
  };
  const look = async (): Promise<void> => {
    if (!known) {
      keep(await store.samples(fence));
      everyMs = Math.max(everyMs, meanDistanceMs(samples));
      known = true;
    }
    const use = await sandbox.use(signal);
    if (signal.aborted || use === null) return;
    keep([...samples, { time: databaseTime(), ...use }]);
    await store.storeSamples(fence, samples);
  };
  const next = (): void => {
    look()
      .catch((error: unknown) => logger.debug({ err: error }, "what the sandbox uses could not be noted"))
      .finally(() => {
        if (!signal.aborted) timer = setTimeout(next, everyMs);
      });
  };
  timer = setTimeout(next, everyMs);
  return () => {
    stopping.abort();
    clearTimeout(timer);
  };
}

/** How seldom the worker before had come to look. */
function meanDistanceMs(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 2) return 0;
  return (last.time.getTime() - first.time.getTime()) / (samples.length - 1);
}
