import { readdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { checkJob } from "../checker/check-job.ts";
import { drawJob } from "../load/job-programs.ts";
import { playJob } from "../load/play-client.ts";
import { readProcess } from "./process-figures.ts";
import type { Trial, TrialContext } from "./trial.ts";
import { waitUntil } from "./wait-until.ts";

const everyMs = 1_000;
/** Where the machine cannot keep up, jobs are left out and not piled up. */
const mostAtOnce = 24;
const idleBoundMs = 180_000;
/** Longer than connections that nobody uses are kept. */
const restMs = 30_000;

/** By how much a figure at the end may be above that after the first minute. */
const tolerances = { rssMb: 60, handles: 12, sockets: 12, containers: 0, files: 0, connections: 4 } as const;

export const soak: Trial = {
  name: "soak",
  about: "about a job a second for --minutes 30; what is held at the end is what was held after a minute",
  world: { workers: 2, env: { WORKER_CONCURRENCY: "4" }, ownEngine: false, models: true },
  run: async (context) => {
    const { options, report, say } = context;
    const played = { jobs: 0, leftOut: 0, atOnce: 0 };
    await load(context, 60_000, played);
    const first = await sampleAtRest(context, played);
    say(`  after the first minute, at rest: ${tell(first)}`);
    for (let minute = 2; minute <= options.minutes; minute += 1) {
      await load(context, 60_000, played);
      say(
        `  minute ${String(minute)}, ${String(played.jobs)} jobs, ${String(played.atOnce)} running: ${tell(await sample(context))}`,
      );
    }
    const last = await sampleAtRest(context, played);
    say(`  at the end, at rest: ${tell(last)}`);
    for (const [name, value] of last) {
      const before = first.get(name) ?? 0;
      // safety: names end with the key of a tolerance, see sample().
      const tolerance = tolerances[name.split(" ").at(-1) as keyof typeof tolerances];
      report.holds(
        name,
        value <= before + tolerance,
        `${before.toFixed(0)} → ${value.toFixed(0)} (at most ${String(tolerance)} more)`,
      );
    }
    const { violations } = context.world.timeline;
    report.holds(
      "every job ends as it should",
      violations.length === 0,
      `${String(played.jobs)} jobs, ${String(played.leftOut)} left out, ${String(violations.length)} violations`,
    );
  },
};

interface Played {
  jobs: number;
  leftOut: number;
  atOnce: number;
}

/** Schedules a Job each second for so long; those that are under way go on. */
async function load(context: TrialContext, forMs: number, played: Played): Promise<void> {
  const { random, stop } = context;
  for (let at = 0; at < forMs; at += everyMs) {
    await pause(everyMs, undefined, { signal: stop });
    if (played.atOnce >= mostAtOnce) {
      played.leftOut += 1;
      continue;
    }
    played.jobs += 1;
    played.atOnce += 1;
    void playOne(context, random.fork(String(played.jobs))).finally(() => (played.atOnce -= 1));
  }
}

async function playOne({ world, stop }: TrialContext, random: TrialContext["random"]): Promise<void> {
  const { timeline, database, engine } = world;
  const url = () => world.url;
  const job = drawJob(random);
  world.models?.register(job);
  try {
    const played = await playJob(job, { url, random, timeline, giveUp: stop });
    if (played !== null) await checkJob(played, { url, random, timeline, database, engine });
  } catch (error) {
    timeline.broken(1, null, error instanceof Error ? error.message : String(error));
  }
  world.models?.forget(job);
}

type Sample = ReadonlyMap<string, number>;

/** With nothing under way, so that two samples tell of what is held and not of what happens. */
async function sampleAtRest(context: TrialContext, played: Played): Promise<Sample> {
  const { stop } = context;
  const idle = () => (played.atOnce === 0 ? true : null);
  await waitUntil(idle, { what: "all jobs have ended", boundMs: idleBoundMs, everyMs: 500, stop });
  await pause(restMs, undefined, { signal: stop });
  return sample(context);
}

async function sample({ world }: TrialContext): Promise<Sample> {
  const figures = new Map<string, number>();
  for (const each of [world.api, ...world.workers]) {
    const held = await readProcess(each.pid());
    figures.set(`${each.name} rssMb`, held?.rssMb ?? Number.NaN);
    figures.set(`${each.name} handles`, held?.handles ?? Number.NaN);
    figures.set(`${each.name} sockets`, held?.sockets ?? Number.NaN);
  }
  const files = await readdir(world.folder, { recursive: true, withFileTypes: true });
  const temporary = files.filter((each) => each.isFile() && !each.name.endsWith(".zip"));
  figures.set("containers", (await world.containers()).length);
  figures.set("temporary files", temporary.length);
  figures.set("postgres connections", (await world.database.connections()).length);
  return figures;
}

function tell(sample: Sample): string {
  return [...sample].map(([name, value]) => `${name} ${value.toFixed(0)}`).join(", ");
}
