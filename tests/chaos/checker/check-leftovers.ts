import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Timeline } from "../report/timeline.ts";
import type { ChaosWorld } from "../world/chaos-world.ts";
import { leftOfDeleted } from "./check-deleted.ts";
import { findOverlaps } from "./find-overlaps.ts";
import type { DatabaseObserver } from "./observe-database.ts";
import type { EngineWatch } from "./watch-engine.ts";

export interface LeftoverDeps {
  readonly world: ChaosWorld;
  readonly database: DatabaseObserver;
  readonly engine: EngineWatch;
  readonly timeline: Timeline;
  /** Ids of Jobs that a client has deleted. */
  readonly deleted: ReadonlySet<string>;
}

/** What is looked at once the service has stopped: there may be no wires between. */
export type StoppedDeps = Omit<LeftoverDeps, "world"> & {
  readonly world: Pick<ChaosWorld, "docker" | "archiveFolder">;
};

const settleMs = 30_000;

/** After the last Job: nothing of any is left 30 s later, while the service still runs. */
export async function checkLeftovers(deps: LeftoverDeps): Promise<void> {
  const until = Date.now() + settleMs;
  let left = await findLeftovers(deps);
  while (left.length > 0 && Date.now() < until) {
    await pause(500);
    left = await findLeftovers(deps);
  }
  for (const each of left) deps.timeline.broken(4, null, `30 s after the last job there is ${each}`);
}

async function findLeftovers({ world, database, engine, deleted }: LeftoverDeps): Promise<readonly string[]> {
  const containers = await containersOf(world, await database.installation());
  const unfinished = await database.unfinished();
  const living = await database.ownersOf(world.workers.map(({ process }) => process.pid()));
  const files = await readdir(world.archiveFolder);
  const streams = world.workers.flatMap(({ name, engine: proxy }) =>
    proxy.streams().map((stream) => `of ${name}: ${stream}`),
  );
  // A warm container waits for a Job of its worker, with a stream of its own. One whose worker was killed is left over.
  const warm = containers.flatMap(({ name, startedBy }) =>
    name.startsWith("/longshore-warm-") && living.includes(startedBy) ? [name] : [],
  );
  return [
    ...containers.flatMap(({ name }) => (warm.includes(name) ? [] : [`the container ${name}`])),
    ...unfinished.map(({ id, status, owner }) => `the ${status} job ${id} (lease of ${owner ?? "nobody"})`),
    ...files.filter((name) => !/^[0-9a-z-]+\.zip$/.test(name)).map((name) => `the file ${name}`),
    ...(await leftOfDeleted(deleted, database, world.archiveFolder)),
    ...engine.openExecs().map((exec) => `the exec ${exec}`),
    ...(warm.length > world.warmContainers ? warm.map((name) => `the warm container ${name}`) : []),
    ...(streams.length > warm.length
      ? [`more streams to the engine than warm containers (${warm.join(", ")}): ${streams.join("; ")}`]
      : []),
  ];
}

async function containersOf(
  { docker }: Pick<ChaosWorld, "docker">,
  installation: string,
): Promise<readonly { readonly name: string; readonly startedBy: string }[]> {
  const filters = { label: [`longshore.installation=${installation}`] };
  const listed = await docker.listContainers({ all: true, filters });
  return listed.flatMap(({ Names, Labels }) =>
    Names.map((name) => ({ name, startedBy: Labels["longshore.worker"] ?? "" })),
  );
}

/** After the service was stopped: neither a container nor a connection of it. */
export async function checkStopped({
  world,
  database,
  timeline,
}: Pick<StoppedDeps, "world" | "database" | "timeline">): Promise<void> {
  const containers = await containersOf(world, await database.installation());
  for (const { name } of containers)
    timeline.broken(4, null, `the stopped service leaves the container ${name}`);
  const until = Date.now() + 5_000;
  let connections = await database.connections();
  while (connections.length > 0 && Date.now() < until) {
    await pause(200);
    connections = await database.connections();
  }
  for (const each of connections)
    timeline.broken(4, null, `the stopped service leaves a connection to the database: ${each}`);
}

/** Of every Job that there is, whoever scheduled it: one end, written once, and an archive with the right bytes. */
export async function checkAllJobs({
  world,
  database,
  engine,
  timeline,
  deleted,
}: StoppedDeps): Promise<number> {
  const jobs = await database.jobs();
  const ends = new Map((await database.ends()).map(({ jobId, ends: count }) => [jobId, count]));
  for (const jobId of deleted)
    if (ends.get(jobId) !== 1)
      timeline.broken(
        1,
        jobId,
        `its terminal state was written ${String(ends.get(jobId) ?? 0)} times (deleted)`,
      );
  for (const { id, status, archiveKey, archiveSha256 } of jobs) {
    const count = ends.get(id) ?? 0;
    if (count !== 1)
      timeline.broken(1, id, `its terminal state was written ${String(count)} times (${status})`);
    if (archiveKey === null) continue;
    const sha256 = await digestOf(join(world.archiveFolder, archiveKey));
    if (sha256 !== archiveSha256)
      timeline.broken(5, id, `its archive ${archiveKey} has the digest ${String(sha256)}`);
  }
  for (const jobId of engine.jobIds())
    for (const { first, second, ms } of findOverlaps(engine.intervals(jobId), Date.now()))
      timeline.broken(
        2,
        jobId,
        `containers ${first.slice(0, 12)} and ${second.slice(0, 12)} ran at once for ${ms.toFixed(0)} ms`,
      );
  return jobs.length + deleted.size;
}

async function digestOf(path: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  } catch {
    return null;
  }
}
