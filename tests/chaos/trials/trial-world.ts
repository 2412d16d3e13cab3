import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Dockerode from "dockerode";
import { findFreePort } from "../../../scripts/host/free-port.ts";
import { chosenSandboxes } from "../../support/chosen-sandboxes.ts";
import { createJobClient, type JobClient } from "../../support/job-client.ts";
import { createPostgresServer } from "../../support/postgres-server.ts";
import { createRedisServer, type RedisServer } from "../../support/redis-server.ts";
import { type DatabaseObserver, observeDatabase } from "../checker/observe-database.ts";
import { type EngineWatch, watchEngine } from "../checker/watch-engine.ts";
import { type ModelService, startModelService } from "../load/model-service.ts";
import { createTimeline, type Timeline } from "../report/timeline.ts";
import { createPostgresControl, type PostgresControl } from "../world/postgres-control.ts";
import { endedWell, type SupervisedProcess, superviseProcess } from "../world/supervised-process.ts";
import { startOwnEngine, type OwnEngine } from "./own-engine.ts";
import { waitUntil } from "./wait-until.ts";

/** One API and some workers on servers of their own, with nothing between: a trial measures the service alone. */
export interface TrialWorld {
  readonly url: string;
  readonly client: JobClient;
  readonly postgres: PostgresControl;
  readonly postgresUrl: string;
  readonly redis: RedisServer;
  readonly docker: Dockerode;
  readonly engineHost: string;
  /** Where the trial asked for one. */
  readonly ownEngine: OwnEngine | null;
  readonly models: ModelService | null;
  readonly api: SupervisedProcess;
  readonly workers: readonly SupervisedProcess[];
  readonly database: DatabaseObserver;
  readonly engine: EngineWatch;
  readonly timeline: Timeline;
  readonly folder: string;
  readonly archiveFolder: string;
  /** Containers of this installation, running or not. */
  containers(): Promise<readonly string[]>;
  /** Ends API and workers by SIGTERM, and gives those that did not end well. */
  stopService(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export interface TrialWorldOptions {
  readonly workers: number;
  /** Settings of API and workers, beside the world's own. */
  readonly env: Readonly<Record<string, string>>;
  /** An engine that nothing else uses, which may be restarted. */
  readonly ownEngine: boolean;
  /** With a model's service, for Jobs that a model plans. */
  readonly models: boolean;
  readonly logFolder: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

const readyBoundMs = 60_000;
const restartPauseMs = 1_000;

/** Starts everything and waits until Jobs are taken. */
export async function openTrialWorld(options: TrialWorldOptions): Promise<TrialWorld> {
  await using opened = new AsyncDisposableStack();
  const { say, stop } = options;
  const timeline = createTimeline(say);
  const folder = await mkdtemp(join(tmpdir(), "longshore-trial-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const archiveFolder = join(folder, "archives");
  await mkdir(archiveFolder);
  const servers = await openServers(options, opened);
  const { postgresServer, redis, models, ownEngine, engineHost } = servers;
  // Registered before the processes, so that it runs after they have ended.
  let removeContainers = () => Promise.resolve();
  opened.defer(() => removeContainers());
  const port = await findFreePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const env = { ...serviceSettings(servers, options), AGENT_OUTPUT_DIR: archiveFolder };
  const { api, workers } = startProcesses({ ...options, env }, { ...{ timeline, folder, opened, port } });
  await waitUntil(() => isReady(url), { what: `${url}/ready`, boundMs: readyBoundMs, stop });
  const database = await observeDatabase(postgresServer.url, timeline);
  opened.defer(() => database.close());
  const docker = new Dockerode({ socketPath: new URL(engineHost).pathname });
  const installation = await database.installation();
  const engine = await watchEngine(docker, installation, timeline);
  opened.defer(() => engine.close());
  const containers = () => listContainers(docker, installation);
  removeContainers = async () => {
    // Only where the service left some: what was found wrong has been said by then.
    const left = (await containers()).map((id) => docker.getContainer(id).remove({ force: true }));
    await Promise.allSettled(left);
  };
  const postgres = await createPostgresControl(postgresServer);
  const lifetime = opened.move();
  return {
    ...{
      url,
      postgres,
      redis,
      docker,
      engineHost,
      ownEngine,
      models,
      api,
      workers,
      database,
      engine,
      timeline,
    },
    ...{ folder, archiveFolder, containers, postgresUrl: postgresServer.url },
    client: createJobClient(url),
    stopService: () => stopAll([api, ...workers]),
    remove: () => lifetime.disposeAsync(),
  };
}

type Servers = Awaited<ReturnType<typeof openServers>>;

function serviceSettings({ engineHost, postgresServer, redis, models }: Servers, { env }: TrialWorldOptions) {
  return {
    ...{ ...chosenSandboxes, DOCKER_HOST: engineHost },
    ...{ DATABASE_URL: postgresServer.url, REDIS_URL: redis.url, STOP_GRACE_SECONDS: "2" },
    ...{ ...models?.env, ...env },
  };
}

interface ProcessParts {
  readonly timeline: Timeline;
  readonly folder: string;
  readonly opened: AsyncDisposableStack;
  readonly port: number;
}

function startProcesses(
  { env, logFolder, workers }: TrialWorldOptions,
  { timeline, folder, opened, port }: ProcessParts,
) {
  const start = (part: "api" | "worker", name: string, own: Readonly<Record<string, string>>) => {
    const started = superviseProcess({
      ...{ part, name, logFolder, wrapper: [], nodeArguments: [] },
      env: { ...env, DATA_DIR: join(folder, name), ...own },
      restartPauseMs: () => restartPauseMs,
      onExit: (exit) => {
        timeline.note(`${exit.name} ended`, { detail: exit });
        if (!exit.asked) timeline.broken(0, null, `${exit.name} ended by itself, see ${exit.logFile}`);
      },
    });
    opened.defer(() => started.destroy());
    return started;
  };
  const names = Array.from({ length: workers }, (_, index) => `worker-${String(index + 1)}`);
  return {
    api: start("api", "api", { PORT: String(port) }),
    workers: names.map((name) => start("worker", name, {})),
  };
}

async function listContainers(docker: Dockerode, installation: string): Promise<readonly string[]> {
  const filters = { label: [`longshore.installation=${installation}`] };
  return (await docker.listContainers({ all: true, filters })).map(({ Id }) => Id);
}

async function openServers(
  { ownEngine: wantsEngine, models: wantsModels, say, stop }: TrialWorldOptions,
  opened: AsyncDisposableStack,
) {
  const postgresServer = await createPostgresServer();
  opened.defer(() => postgresServer.remove());
  const redis = await createRedisServer();
  opened.defer(() => redis.remove());
  await redis.start();
  const models = wantsModels ? await startModelService() : null;
  if (models !== null) opened.use(models);
  const ownEngine = wantsEngine ? await startOwnEngine(say, stop) : null;
  if (ownEngine !== null) opened.defer(() => ownEngine.remove());
  const engineHost = ownEngine?.host ?? process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  return { postgresServer, redis, models, ownEngine, engineHost };
}

async function isReady(url: string): Promise<true | null> {
  const response = await fetch(`${url}/ready`).catch(() => null);
  await response?.body?.cancel();
  return response?.status === 200 ? true : null;
}

async function stopAll(processes: readonly SupervisedProcess[]): Promise<readonly string[]> {
  const ends = await Promise.all(
    processes.map(async (each) => {
      if (each.pid() === 0) return null;
      const exit = await each.stop();
      return endedWell(exit) ? null : `${each.name} did not stop well: ${JSON.stringify(exit)}`;
    }),
  );
  return ends.filter((end) => end !== null);
}
