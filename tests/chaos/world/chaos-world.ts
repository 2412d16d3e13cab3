import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Dockerode from "dockerode";
import { Redis } from "ioredis";
import { chosenSandboxes } from "../../support/chosen-sandboxes.ts";
import { createPostgresServer } from "../../support/postgres-server.ts";
import { createRedisServer, type RedisServer } from "../../support/redis-server.ts";
import { type ModelService, startModelService } from "../load/model-service.ts";
import type { Timeline } from "../report/timeline.ts";
import type { Random } from "../seeded-random.ts";
import { createPostgresControl, type PostgresControl } from "./postgres-control.ts";
import {
  openApi,
  openWorker,
  type PlaceOptions,
  type ServicePlace,
  stopModes,
  type WorkerPlace,
} from "./service-place.ts";
import { endedWell, type ProcessExit, tailOfLog } from "./supervised-process.ts";

/** Everything that runs, and the suite's own ways to it past all proxies. */
export interface ChaosWorld {
  readonly postgresUrl: string;
  readonly postgres: PostgresControl;
  readonly redis: RedisServer;
  /** A connection that stays open, so that a password set later does not lock the suite out. */
  readonly redisControl: Redis;
  readonly docker: Dockerode;
  /** The engine's own address. */
  readonly engineHost: string;
  readonly models: ModelService;
  readonly apis: readonly ServicePlace[];
  /** Those that run now; faults add and remove some. */
  readonly workers: WorkerPlace[];
  /** Containers that wait for a Job where all is well, at most. */
  readonly warmContainers: number;
  readonly archiveFolder: string;
  readonly folder: string;
  readonly logFolder: string;
  readonly exits: readonly ProcessExit[];
  /** An address of the service, drawn at random. */
  readonly url: () => string;
  addWorker(name: string, options?: PlaceOptions): Promise<WorkerPlace>;
  /** Ends all processes of the service by SIGTERM, and gives those that did not end well. */
  stopService(): Promise<readonly string[]>;
  /** Removes whatever is left. */
  remove(): Promise<void>;
}

export interface WorldOptions {
  readonly workers: number;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly logFolder: string;
  readonly stop: AbortSignal;
}

const concurrency = 4;
/** Not a bar: on a busy machine Node itself takes a while. */
const readyBoundMs = 180_000;

/** Starts Postgres, Redis, the model's service, two APIs and the workers, and waits until Jobs are taken. */
export async function openWorld(options: WorldOptions): Promise<ChaosWorld> {
  await using opened = new AsyncDisposableStack();
  const { random, timeline, logFolder, stop } = options;
  const folder = await mkdtemp(join(tmpdir(), "longshore-chaos-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "archives"));
  const postgresServer = await createPostgresServer();
  opened.defer(() => postgresServer.remove());
  const redis = await createRedisServer();
  opened.defer(() => redis.remove());
  await redis.start();
  const redisControl = new Redis(redis.port, "127.0.0.1", {
    retryStrategy: () => 100,
    maxRetriesPerRequest: null,
  });
  redisControl.on("error", () => undefined);
  opened.defer(() => redisControl.disconnect());
  const models = await startModelService();
  opened.use(models);
  const exits: ProcessExit[] = [];
  const pauses = random.fork("restarts");
  const engineHost = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  const shared = {
    ...{ folder, logFolder, postgresUrl: postgresServer.url, redisPort: redis.port },
    engineHost,
    agentImage: process.env["AGENT_IMAGE"] ?? "longshore-agent:dev",
    env: { ...models.env, WORKER_CONCURRENCY: String(concurrency), STOP_GRACE_SECONDS: "2" },
    restartPauseMs: () => pauses.between(200, 3_000),
    onExit: (exit: ProcessExit) => {
      exits.push(exit);
      timeline.note(`${exit.name} ended`, { detail: exit });
      if (exit.asked) return;
      const how = String(exit.code ?? exit.signal);
      timeline.broken(0, null, `${exit.name} ended by itself (${how}); ${tailOfLog(exit.logFile)}`);
    },
  };
  const places: ServicePlace[] = [];
  // What is opened later is owned by what lives on after this function.
  let lifetime: AsyncDisposableStack = opened;
  const keep = <Place extends ServicePlace>(place: Place): Place => {
    places.push(place);
    lifetime.defer(async () => void (await place.close("destroy")));
    return place;
  };
  const apis = [keep(await openApi(shared, 1)), keep(await openApi(shared, 2))];
  const workers: WorkerPlace[] = [];
  // Warm sandboxes are another way into the same life: one worker has some, where it is not said that all have. Each keeps
  // as many as it runs at once, when Jobs come in bursts.
  const { STEP_RUNNER, WARM_POOL_SIZE } = chosenSandboxes;
  const warmContainers = concurrency * (WARM_POOL_SIZE === "0" ? 1 : options.workers);
  const addWorker = async (name: string, placeOptions: PlaceOptions = {}) =>
    keep(await openWorker(shared, name, placeOptions));
  for (let index = 1; index <= options.workers; index += 1) {
    const env = { STEP_RUNNER, WARM_POOL_SIZE: index === 1 ? "1" : WARM_POOL_SIZE };
    const stopMode = stopModes[(index - 1) % stopModes.length] ?? "hand-over";
    workers.push(await addWorker(`worker-${String(index)}`, { env, stopMode }));
  }
  const draw = random.fork("addresses");
  await Promise.all(apis.map(({ url }) => waitUntilReady(url, stop, logFolder)));
  const postgres = await createPostgresControl(postgresServer);
  lifetime = opened.move();
  return {
    ...{ postgresUrl: postgresServer.url, postgres, redis, redisControl, models, apis, workers, exits },
    ...{
      docker: new Dockerode(),
      warmContainers,
      engineHost,
      folder,
      logFolder,
      archiveFolder: join(folder, "archives"),
      addWorker,
    },
    url: () => draw.pick(apis).url,
    stopService: () => stopAll(places),
    remove: () => lifetime.disposeAsync(),
  };
}

async function stopAll(places: readonly ServicePlace[]): Promise<readonly string[]> {
  const ends = await Promise.all(
    places.map(async (place) => {
      const ran = place.process.pid() !== 0;
      const exit = await place.close("stop");
      if (!ran || endedWell(exit)) return null;
      return `${place.name} did not stop well: ${exit === null ? "killed after 40 s" : JSON.stringify(exit)}`;
    }),
  );
  return ends.filter((end) => end !== null);
}

async function waitUntilReady(url: string, stop: AbortSignal, logFolder: string): Promise<void> {
  const until = Date.now() + readyBoundMs;
  for (;;) {
    stop.throwIfAborted();
    const response = await fetch(`${url}/ready`).catch(() => null);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    if (Date.now() > until)
      throw new Error(`${url} was not ready within ${String(readyBoundMs)} ms: see ${logFolder}`);
    await pause(100);
  }
}
