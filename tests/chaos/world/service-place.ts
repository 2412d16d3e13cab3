import { join } from "node:path";
import { createEngineProxy, type EngineProxy } from "./engine-proxy.ts";
import { createFaultProxy, type FaultProxy } from "./fault-proxy.ts";
import { type ProcessExit, type SupervisedProcess, superviseProcess } from "./supervised-process.ts";
import { findFreePort } from "../../../scripts/host/free-port.ts";

/** What all processes share, and the suite's own way to it. */
export interface SharedParts {
  readonly postgresUrl: string;
  readonly redisPort: number;
  /** The real engine: `unix:///…` or `tcp://…`. */
  readonly engineHost: string;
  readonly agentImage: string;
  /** Sockets of the proxies, the archives, and the processes' own data. */
  readonly folder: string;
  readonly logFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly restartPauseMs: () => number;
  readonly onExit: (exit: ProcessExit) => void;
}

/** One process of the service with its own wires to Postgres, Redis and the engine. */
export interface ServicePlace {
  readonly name: string;
  readonly process: SupervisedProcess;
  readonly postgres: FaultProxy;
  readonly redis: FaultProxy;
  /** Null for an API, which has no engine. */
  readonly engine: EngineProxy | null;
  /** Where it listens, for an API. */
  readonly url: string;
  /** The inspector's port, should it be asked to open it. */
  readonly inspectPort: number;
  /** Its wires work again. */
  heal(): Promise<void>;
  /** Ends the process (SIGTERM, or kill -9) and closes the wires. */
  close(how: "stop" | "destroy"): Promise<ProcessExit | null>;
}

export interface PlaceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly wrapper?: readonly string[];
  /** Of a worker. */
  readonly stopMode?: StopMode;
}

/** What a worker that is asked to stop does with its Jobs: values of STOP_MODE. */
export const stopModes = ["hand-over", "requeue", "drain"] as const;
export type StopMode = (typeof stopModes)[number];

export type WorkerPlace = ServicePlace & { readonly engine: EngineProxy; readonly stopMode: StopMode };

export async function openApi(shared: SharedParts, index: number): Promise<ServicePlace> {
  const port = await findFreePort();
  const name = `api-${String(index)}`;
  return openPlace(
    shared,
    "api",
    name,
    null,
    { env: { PORT: String(port) } },
    `http://127.0.0.1:${String(port)}`,
  );
}

export async function openWorker(
  shared: SharedParts,
  name: string,
  options: PlaceOptions = {},
): Promise<WorkerPlace> {
  const socket = join(shared.folder, `${name}.sock`);
  const engine = await createEngineProxy({ path: socket }, engineAddress(shared.engineHost));
  const { stopMode = "hand-over" } = options;
  const env = { DOCKER_HOST: `unix://${socket}`, STOP_MODE: stopMode, ...options.env };
  const place = await openPlace(shared, "worker", name, engine, { ...options, env }, "");
  return { ...place, engine, stopMode };
}

async function openPlace(
  shared: SharedParts,
  part: "api" | "worker",
  name: string,
  engine: EngineProxy | null,
  { env = {}, wrapper = [] }: PlaceOptions,
  url: string,
): Promise<ServicePlace> {
  const database = new URL(shared.postgresUrl);
  const postgres = await createFaultProxy({ listen: { port: 0 }, target: { port: Number(database.port) } });
  const redis = await createFaultProxy({ listen: { port: 0 }, target: { port: shared.redisPort } });
  database.port = String(postgres.port);
  const inspectPort = await findFreePort();
  const process = superviseProcess({
    ...{ part, name, wrapper },
    ...{ logFolder: shared.logFolder, restartPauseMs: shared.restartPauseMs, onExit: shared.onExit },
    env: {
      ...shared.env,
      DATABASE_URL: database.href,
      REDIS_URL: `redis://127.0.0.1:${String(redis.port)}`,
      DATA_DIR: join(shared.folder, name),
      AGENT_OUTPUT_DIR: join(shared.folder, "archives"),
      AGENT_IMAGE: shared.agentImage,
      LOG_LEVEL: "debug",
      ...env,
    },
    nodeArguments: [`--inspect-port=127.0.0.1:${String(inspectPort)}`],
  });
  const wires = [postgres, redis, ...(engine === null ? [] : [engine])];
  return {
    ...{ name, process, postgres, redis, engine, url, inspectPort },
    heal: async () => {
      await Promise.all(wires.map((wire) => wire.pass()));
    },
    close: async (how) => {
      const exit = how === "stop" ? await process.stop() : await process.destroy().then(() => null);
      await Promise.all(wires.map((wire) => wire.close()));
      return exit;
    },
  };
}

function engineAddress(host: string): { path: string } | { port: number } {
  if (host.startsWith("unix://")) return { path: host.slice("unix://".length) };
  const { hostname, port } = new URL(host);
  if (hostname !== "127.0.0.1" && hostname !== "localhost")
    throw new Error("the chaos suite needs an engine on this machine: one by a unix socket, or on 127.0.0.1");
  return { port: Number(port) };
}
