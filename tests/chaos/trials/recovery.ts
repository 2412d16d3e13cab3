import { setTimeout as pause } from "node:timers/promises";
import type { SupervisedProcess } from "../world/supervised-process.ts";
import { printedAt, printingJob, readEnd } from "./printing-job.ts";
import type { Trial, TrialContext } from "./trial.ts";
import { waitUntil } from "./wait-until.ts";

const jobsAtOnce = 5;
const jobSeconds = 90;
/** A kill this late in the life of the Jobs would leave no time to see them go on. */
const lastKillSeconds = jobSeconds - 35;
const seenBoundMs = 60_000;
const job = printingJob(jobSeconds, 250);

/** What a reader of /events has got last. */
interface Reader {
  readonly id: string;
  readonly readAt: () => number;
  /** Resolves with the time at which a line that was printed after `at` came. */
  lineAfter(at: number): Promise<number>;
}

export const recovery: Trial = {
  name: "recovery",
  about: "a worker is killed (-9) in mid-step; a new one starts after 1 s (--count 20)",
  world: { workers: 2, env: { WORKER_CONCURRENCY: "5" }, ownEngine: false, models: false },
  run: async (context) => {
    const { options, report, world } = context;
    const samples: number[] = [];
    const faults: string[] = [];
    while (samples.length < (options.count ?? 20)) {
      const ids = await Promise.all(
        Array.from({ length: jobsAtOnce }, () => world.client.schedule(job.body)),
      );
      samples.push(...(await killDuring(ids, context, (options.count ?? 20) - samples.length)));
      const ends = await Promise.all(ids.map((id) => readEnd(world, id, job, seenBoundMs * 3)));
      for (const { id, status, attempt, containers, fault } of ends)
        if (status !== "succeeded" || attempt !== 1 || containers !== 1 || fault !== null)
          faults.push(
            `${id}: ${status}, attempt ${String(attempt)}, ${String(containers)} containers, ${fault ?? ""}`,
          );
    }
    report.figures("kill -9 to the next line printed after it", "s", samples, { p50: 15, max: 25 });
    report.holds("same container, attempt 1, every line once", faults.length === 0, faults.join("; "));
  },
};

/** Kills the workers of these Jobs, one after the other, while the Jobs last; gives a sample for each Job hit. */
async function killDuring(
  ids: readonly string[],
  context: TrialContext,
  wanted: number,
): Promise<readonly number[]> {
  const { world, random, say, stop } = context;
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  const readers = ids.map((id) => follow(context, id, signal));
  const begun = Date.now();
  const samples: number[] = [];
  await Promise.all(readers.map((reader) => reader.lineAfter(0)));
  while (samples.length < wanted && Date.now() - begun < lastKillSeconds * 1_000) {
    await pause(random.between(1_000, 5_000), undefined, { signal: stop });
    const busy = await busyWorkers(context, ids);
    const [worker, hit] = random.pick(busy);
    const killedAt = Date.now();
    worker.kill();
    const seen = readers
      .filter(({ id }) => hit.includes(id))
      .map(async (reader) => reader.lineAfter(killedAt));
    const took = (await Promise.all(seen)).map((at) => (at - killedAt) / 1_000);
    say(
      `  ${worker.name} killed with ${String(hit.length)} jobs: ${took.map((each) => each.toFixed(1)).join(", ")} s`,
    );
    samples.push(...took);
  }
  world.timeline.note("no more kills");
  over.abort();
  return samples;
}

/** Workers that hold Leases of these Jobs, with the Jobs. */
async function busyWorkers({ world, stop }: TrialContext, ids: readonly string[]) {
  const look = async () => {
    const jobs = await world.database.jobs(ids);
    const found: [SupervisedProcess, readonly string[]][] = [];
    for (const worker of world.workers) {
      const owners = await world.database.ownersOf([worker.pid()]);
      const held = jobs.filter(({ owner }) => owner !== null && owners.includes(owner)).map(({ id }) => id);
      if (held.length > 0 && worker.pid() !== 0) found.push([worker, held]);
    }
    return found.length > 0 ? found : null;
  };
  return waitUntil(look, { what: "a worker runs a job", boundMs: seenBoundMs, stop });
}

function follow({ world, stop }: TrialContext, id: string, signal: AbortSignal): Reader {
  let printed = 0;
  let readAt = 0;
  const read = async () => {
    for await (const { event, data } of world.client.events(id, 0, signal)) {
      const at = event === "log" ? printedAt(String(data["text"])) : null;
      if (at === null || at <= printed) continue;
      printed = at;
      readAt = Date.now();
    }
  };
  // Aborted when enough was seen; what is wrong with the lines is found from /logs.
  read().catch(() => undefined);
  return {
    ...{ id, readAt: () => readAt },
    lineAfter: (at) =>
      waitUntil(() => (printed > at ? readAt : null), {
        ...{ what: `job ${id} goes on`, boundMs: seenBoundMs, everyMs: 2, stop },
      }),
  };
}
