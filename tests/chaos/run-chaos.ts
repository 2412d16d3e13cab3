import { mkdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { ChaosOptions } from "./chaos-options.ts";
import { askDoctor } from "./checker/ask-doctor.ts";
import { checkJob } from "./checker/check-job.ts";
import { checkAllJobs, checkLeftovers, checkStopped } from "./checker/check-leftovers.ts";
import { createDeleting } from "./checker/delete-and-check.ts";
import { type DatabaseObserver, observeDatabase } from "./checker/observe-database.ts";
import { watchEngine } from "./checker/watch-engine.ts";
import { chooseFaults } from "./faults/all-faults.ts";
import { killingFaults } from "./faults/killing-faults.ts";
import { type Injection, planFaults, runSchedule } from "./faults/run-schedule.ts";
import type { PlayedJob } from "./load/play-client.ts";
import { runLoad } from "./load/run-load.ts";
import { type FaultSummary, measureRecovery } from "./report/measure-recovery.ts";
import { createTimeline, type Violation } from "./report/timeline.ts";
import { type ChaosReport, countBroken } from "./report/chaos-report.ts";
import { writeReport } from "./report/write-report.ts";
import { createRandom } from "./seeded-random.ts";
import { type ChaosWorld, openWorld } from "./world/chaos-world.ts";

export interface ChaosRun {
  readonly options: ChaosOptions;
  /** Where the report goes, and the logs of the processes. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/** All Jobs are to have ended so long after the last fault is healed; while others still end, they wait their turn. */
const endBoundMs = 150_000;
const progressMs = 15_000;

/** Starts everything, runs load and faults for the time given, checks, and leaves nothing behind but the report. */
export async function runChaos({ options, folder, say, stop }: ChaosRun): Promise<ChaosReport> {
  await using opened = new AsyncDisposableStack();
  const random = createRandom(options.seed);
  const timeline = createTimeline(say);
  const faults = chooseFaults(options.faults, options.engineRestart);
  say(`Seed ${options.seed}: ${String(options.minutes)} min, ${String(faults.length)} kinds of fault`);
  await mkdir(folder, { recursive: true });
  const world = await openWorld({ workers: options.workers, random, timeline, logFolder: folder, stop });
  opened.defer(() => world.remove());
  const database = await observeDatabase(world.postgresUrl, timeline);
  opened.defer(() => database.close());
  const engine = await watchEngine(world.docker, await database.installation(), timeline);
  opened.defer(() => engine.close());
  opened.defer(() => removeContainers(world, database));

  const totalMs = options.minutes * 60_000;
  const planned = planFaults(faults, random.fork("faults"), { totalMs, gapMs: options.gapMs });
  const over = AbortSignal.any([stop, AbortSignal.timeout(totalMs)]);
  const giveUp = new AbortController();
  stop.addEventListener("abort", () => giveUp.abort(), { once: true });
  const deps = { ...{ database, engine, timeline, world }, url: world.url, random: random.fork("checks") };
  const deleting = createDeleting({ ...deps, giveUp: giveUp.signal });
  const ends: Record<string, number> = {};
  let bound: NodeJS.Timeout | null = null;
  const onPlayed = async (played: PlayedJob) => {
    const code = played.end?.view.failure?.code;
    const end = `${played.end?.status ?? "not ended"}${code === undefined ? "" : ` (${code})`}`;
    ends[end] = (ends[end] ?? 0) + 1;
    // A run that was stopped has not given its Jobs their time.
    bound?.refresh();
    if (stop.aborted) return;
    await checkJob(played, deps);
    await deleting.perhapsDelete(played);
  };
  const owners = rememberOwners(world, database);
  opened.defer(() => owners.stop());
  const progress = setInterval(() => say(`  … ${describe(ends)}`), progressMs);
  opened.defer(() => clearInterval(progress));

  const load = runLoad({
    ...{ clients: options.clients, url: world.url, models: world.models, timeline, onPlayed },
    ...{ random: random.fork("load"), stop: over, giveUp: giveUp.signal },
  });
  const context = { ...{ world, database, engine, timeline }, stop: over };
  const injections = await runSchedule(planned, { context, timeline, say, stop: over });
  await pause(Math.max(0, totalMs), undefined, { signal: over }).catch(() => undefined);
  say("Healing, and waiting for the last jobs");
  await heal(world);
  bound = setTimeout(() => giveUp.abort(), endBoundMs);
  await load;
  clearTimeout(bound);

  const checked = { world, database, engine, timeline, deleted: deleting.deleted };
  if (!stop.aborted) {
    await checkLeftovers(checked);
    await askDoctor(world, timeline);
  }
  say("Stopping the service");
  for (const fault of await world.stopService()) timeline.broken(0, null, fault);
  const jobs = stop.aborted ? 0 : await checkAllJobs(checked);
  if (!stop.aborted) await checkStopped(checked);
  const { violations } = timeline;
  const faultsHit = await measureRecovery({ injections, database, violations, ownersByPid: owners.byPid });
  const report = makeReport({ options, world, injections, faults: faultsHit, ends, jobs, violations });
  await writeReport(report, timeline, folder);
  return report;
}

function describe(ends: Readonly<Record<string, number>>): string {
  const parts = Object.entries(ends).map(([end, count]) => `${String(count)} ${end}`);
  return parts.length === 0 ? "no job has ended yet" : parts.join(", ");
}

/** Whatever a fault left, because the run ended or it could not be undone. */
async function heal({ workers, apis, redis, redisControl, models }: ChaosWorld): Promise<void> {
  models.behave(null);
  redis.thaw();
  for (const place of [...workers, ...apis]) {
    place.process.thaw();
    await place.heal();
  }
  if ((await redisControl.ping().catch(() => null)) === null) await redis.start().catch(() => undefined);
  await redisControl.config("SET", "maxmemory", "0");
  await redisControl.config("SET", "requirepass", "");
  await redisControl.call("REPLICAOF", "NO", "ONE");
}

/** Which ids the workers of which pids had; their rows are removed when they are gone. */
function rememberOwners(world: ChaosWorld, database: DatabaseObserver) {
  const byPid = new Map<number, readonly string[]>();
  const look = async () => {
    for (const { process } of world.workers) {
      const pid = process.pid();
      if (pid === 0 || byPid.has(pid)) continue;
      const ids = await database.ownersOf([pid]).catch(() => []);
      if (ids.length > 0) byPid.set(pid, ids);
    }
  };
  const timer = setInterval(() => void look(), 500);
  return { byPid, stop: () => clearInterval(timer) };
}

/** Only where the service left some: what was found wrong has been said by then. */
async function removeContainers({ docker }: ChaosWorld, database: DatabaseObserver): Promise<void> {
  const installation = await database.installation().catch(() => null);
  if (installation === null) return;
  const filters = { label: [`longshore.installation=${installation}`] };
  for (const { Id } of await docker.listContainers({ all: true, filters }))
    await docker
      .getContainer(Id)
      .remove({ force: true })
      .catch(() => undefined);
}

interface ReportParts {
  readonly options: ChaosOptions;
  readonly world: ChaosWorld;
  readonly injections: readonly Injection[];
  readonly faults: readonly FaultSummary[];
  readonly violations: readonly Violation[];
  readonly ends: Readonly<Record<string, number>>;
  readonly jobs: number;
}

function makeReport(parts: ReportParts): ChaosReport {
  const { options, world, injections, faults, violations, ends, jobs } = parts;
  const { seed, minutes, gapMs, workers, clients } = options;
  const settings = `--seed ${seed} --minutes ${String(minutes)} --workers ${String(workers)} --clients ${String(clients)}`;
  return {
    ...{ seed, minutes, jobs, ends, faults, kinds: faults.length, invariants: countBroken(violations) },
    violations: violations.map((violation) => ({ ...violation, seed })),
    date: new Date().toISOString().slice(0, 16),
    command: `npm run chaos -- ${settings} --gap-seconds ${String(gapMs / 1_000)}`,
    kills: injections.filter(({ fault }) => killingFaults.has(fault.name)).length,
    attempts: {
      adopted: faults.reduce((sum, { adopted }) => sum + adopted, 0),
      begunAgain: faults.reduce((sum, { begunAgain }) => sum + begunAgain, 0),
    },
    crashes: world.exits
      .filter(({ asked }) => !asked)
      .map(({ name, code, signal, logFile }) => `${name}: ${String(code ?? signal)} (${logFile})`),
  };
}
