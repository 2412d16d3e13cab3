import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectDatabase } from "@longshore/shared/db/connect-database";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import type Dockerode from "dockerode";
import { createJobClient, type JobClient } from "../../../tests/support/job-client.ts";
import { createRedisServer } from "../../../tests/support/redis-server.ts";
import type { ServiceProcess } from "../../../tests/support/service-process.ts";
import { createDatabase } from "./create-database.ts";
import { createPartStarter, type PartDeps } from "./start-part.ts";
import { type ServiceContainers, watchContainers } from "./service-containers.ts";
import type { ServiceOptions } from "./service-options.ts";

/** The whole service as its users run it: processes of their own, on a real database, queue and engine. */
export interface Service extends AsyncDisposable {
  readonly options: ServiceOptions;
  readonly url: string;
  readonly client: JobClient;
  readonly databaseUrl: string;
  readonly api: ServiceProcess;
  readonly workers: readonly ServiceProcess[];
  readonly containers: ServiceContainers;
  /** Whether a worker that is asked for a warm pool keeps one. */
  readonly hasPool: boolean;
  /** Resolves when no Job has a container any more, and the pool is full. */
  quiet(): Promise<void>;
  /** Ends the workers, and leaves the API. */
  stopWorkers(): Promise<void>;
}

export interface ServiceDeps extends PartDeps {
  /** A server, on which the service gets a database. */
  readonly postgresUrl: string;
  readonly docker: Dockerode;
  readonly image: string;
  readonly stop: AbortSignal;
}

/** Many that start at once on a small machine take their time. */
const startBoundMs = 60_000;

/** Starts it and waits until it takes Jobs, its pool full. Where that fails, nothing of it is left. */
export async function openService(deps: ServiceDeps, options: ServiceOptions): Promise<Service> {
  await using opened = new AsyncDisposableStack();
  deps.stop.throwIfAborted();
  const database = await createDatabase(deps.postgresUrl);
  opened.defer(() => database.drop());
  const start = createPartStarter(deps, await makeSettings(opened, deps, options, database.url));
  const api = start("api");
  opened.defer(api.end);
  const { port } = await api.process.logged(({ msg }) => msg === "listening", startBoundMs);
  // The API has migrated the database; what is left of containers goes after the workers have ended.
  const containers = watchContainers(deps.docker, await installationOf(database.url), deps.stop);
  opened.defer(() => containers.removeAll());
  const workers = Array.from({ length: options.workers }, (_, index) =>
    start("worker", `worker-${String(index + 1)}`),
  );
  const stopWorkers = async () => void (await Promise.all(workers.map(({ end }) => end())));
  opened.defer(stopWorkers);
  await Promise.all(
    workers.map(({ process }) => process.logged(({ msg }) => msg === "the worker takes jobs", startBoundMs)),
  );
  const warm = options.warm * options.workers;
  const hasPool = warm > 0 && (await fillsPool(containers, warm));
  deps.stop.throwIfAborted();
  const url = `http://127.0.0.1:${String(port)}`;
  const kept = opened.move();
  return {
    ...{ options, url, containers, hasPool, stopWorkers, databaseUrl: database.url },
    ...{ client: createJobClient(url), api: api.process, workers: workers.map(({ process }) => process) },
    quiet: () => containers.settled(hasPool ? warm : 0),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** False where no Sandbox at all comes up to wait for a Job; rejects where some do, but not all. */
async function fillsPool(containers: ServiceContainers, size: number): Promise<boolean> {
  try {
    await containers.ready(size);
    return true;
  } catch (error) {
    if ((await containers.waiting()).length > 0) throw error;
    return false;
  }
}

/** The settings of both parts; what they need besides the database is made, and `opened` removes it. */
async function makeSettings(
  opened: AsyncDisposableStack,
  { image }: ServiceDeps,
  { queue, concurrency, warm }: ServiceOptions,
  databaseUrl: string,
): Promise<Readonly<Record<string, string>>> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-bench-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  return {
    ...{ DATABASE_URL: databaseUrl, DATA_DIR: folder, AGENT_IMAGE: image, PORT: "0", LOG_LEVEL: "info" },
    ...(queue === "redis" ? { REDIS_URL: await startRedis(opened) } : {}),
    WORKER_CONCURRENCY: String(concurrency),
    WARM_POOL_SIZE: String(warm),
  };
}

async function startRedis(opened: AsyncDisposableStack): Promise<string> {
  const redis = await createRedisServer();
  opened.defer(() => redis.remove());
  await redis.start();
  return redis.url;
}

async function installationOf(url: string): Promise<string> {
  const database = connectDatabase({ url, maxConnections: 2, applicationName: "longshore-bench" });
  return readInstallationId(database.sql).finally(() => database.close());
}
