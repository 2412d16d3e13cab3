import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInstallationId } from "@longshore/shared/db/read-installation-id";
import Dockerode from "dockerode";
import { chosenSandboxes } from "./chosen-sandboxes.ts";
import { createJobClient, type JobClient } from "./job-client.ts";
import { createRedisServer, type RedisServer } from "./redis-server.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

export interface StackOptions {
  readonly backend: "redis" | "postgres";
  /** Settings of the worker and the API, beside the stack's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** With which API and worker say who they are, where the tests' server asks for none. */
  readonly databasePassword?: string;
}

/** The whole service as its users run it: API and worker as processes of their own, on real Postgres, Redis and engine. */
export interface Stack {
  readonly client: JobClient;
  /** What API and worker were given to know the database by. */
  readonly databasePassword: string;
  readonly database: TestDatabase;
  readonly redis: RedisServer | null;
  /** The worker that runs now. */
  worker(): ServiceProcess;
  api(): ServiceProcess;
  /** Starts another API in the place of one that was ended, at the same address. */
  startApi(): Promise<void>;
  /** Starts another worker in the place of one that was ended. */
  startWorker(): Promise<void>;
  /** Starts one more worker, with settings of its own, beside those that are there. */
  addWorker(more?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  /** The folder that API and workers keep archives in. */
  readonly archiveFolder: string;
  /** Names of the containers of this installation's Jobs, running or not. */
  containers(): Promise<readonly string[]>;
  /** Names of those that wait for a Job. */
  warm(): Promise<readonly string[]>;
  /** Names of those that run; one that has ended may wait to be removed. */
  running(): Promise<readonly string[]>;
  /** Does to a Job's container what somebody else on the machine might. */
  disturb(jobId: string, how: "pause" | "kill" | "stop" | "remove"): Promise<void>;
  /** Makes the file `go` in the workspace of a Job whose Step waits for it: what has to happen meanwhile takes as long as it takes. */
  goOn(jobId: string): Promise<void>;
  /** Files in the archive folder, temporary ones included. */
  storedFiles(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Starts it and waits until it takes Jobs. Where that fails, nothing of it is left. */
export async function startStack({ backend, env = {}, databasePassword }: StackOptions): Promise<Stack> {
  await using lifetime = new AsyncDisposableStack();
  const database = await createTestDatabase();
  lifetime.defer(() => database.remove());
  const folder = await mkdtemp(join(tmpdir(), "longshore-stack-"));
  lifetime.defer(() => rm(folder, { recursive: true, force: true }));
  const redis = backend === "redis" ? await createRedisServer() : null;
  if (redis !== null) lifetime.defer(() => redis.remove());
  await redis?.start();
  const databaseUrl = withPassword(database.url, databasePassword);
  const settings = {
    DATABASE_URL: databaseUrl.href,
    DATA_DIR: folder,
    PORT: "0",
    ...chosenSandboxes,
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    ...env,
  };
  const { containers, warm, running, disturb, goOn, removeAll } = await watchContainers(database);
  lifetime.defer(removeAll);
  const parts = new Set<ServiceProcess>();
  lifetime.defer(async () => void (await Promise.all([...parts].map((each) => each.end("SIGTERM")))));
  const start = (part: "api" | "worker", more: Readonly<Record<string, string>> = {}) => {
    const started = startService(part, { ...settings, ...more });
    parts.add(started);
    return started;
  };
  const takesJobs = (started: ServiceProcess) =>
    // Many that start at once on a small machine take their time.
    started.logged((line) => line["msg"] === "the worker takes jobs", 60_000);
  const listens = async (started: ServiceProcess) => {
    const { port } = await started.logged((line) => line["msg"] === "listening");
    return String(port);
  };
  let api = start("api");
  const port = await listens(api);
  let worker = start("worker");
  await takesJobs(worker);
  const archiveFolder = join(folder, "archives");
  const kept = lifetime.move();
  return {
    client: createJobClient(`http://127.0.0.1:${port}`),
    ...{ database, redis, containers, warm, running, disturb, goOn, archiveFolder },
    databasePassword: databaseUrl.password,
    startWorker: async () => {
      parts.delete(worker);
      worker = start("worker");
      await takesJobs(worker);
    },
    addWorker: async (more) => {
      const another = start("worker", more);
      await takesJobs(another);
      return another;
    },
    worker: () => worker,
    api: () => api,
    startApi: async () => {
      parts.delete(api);
      api = start("api", { PORT: port });
      await listens(api);
    },
    storedFiles: () => readdir(archiveFolder),
    stop: () => kept.disposeAsync(),
  };
}

/** What a test sees of, and does to, the containers of the installation in this database. */
async function watchContainers({ sql }: TestDatabase) {
  const installation = await readInstallationId(sql);
  const docker = new Dockerode();
  const named = async (all: boolean): Promise<readonly string[]> => {
    const filters = { label: [`longshore.installation=${installation}`] };
    const found = await docker.listContainers({ all, filters });
    return found.flatMap(({ Names }) => Names);
  };
  const isWarm = (name: string): boolean => name.startsWith("/longshore-warm-");
  const ofJobs = async (all: boolean) => (await named(all)).filter((name) => !isWarm(name));
  const containers = () => ofJobs(true);
  const warm = async () => (await named(true)).filter(isWarm);
  const containerOf = async (jobId: string) => {
    const name = (await containers()).find((each) => each.includes(jobId));
    if (name === undefined) throw new Error(`job ${jobId} has no container`);
    return docker.getContainer(name.slice(1));
  };
  const goOn: Stack["goOn"] = async (jobId) => {
    const touch = await (await containerOf(jobId)).exec({ Cmd: ["touch", "/workspace/go"] });
    await touch.start({ Detach: true });
  };
  const disturb: Stack["disturb"] = async (jobId, how) => {
    const container = await containerOf(jobId);
    if (how === "remove") await container.remove({ force: true });
    else if (how === "stop") await container.stop({ t: 1 });
    else await container[how]();
  };
  const removeAll = async () => {
    for (const name of await named(true)) await docker.getContainer(name.slice(1)).remove({ force: true });
  };
  return { containers, warm, running: () => ofJobs(false), disturb, goOn, removeAll };
}

function withPassword(address: string, password = ""): URL {
  const url = new URL(address);
  if (url.password === "") url.password = password;
  return url;
}
