import type { Duplex, Readable } from "node:stream";
import type Dockerode from "dockerode";
import { engineCall, engineStatus } from "./engine-call.ts";
import { engineRequest } from "./engine-request.ts";
import type { EngineImage } from "./engine-image.ts";
import type { ContainerBody } from "./container-spec.ts";

export type ContainerInspect = Dockerode.ContainerInspectInfo;

/** The few calls of a container engine that Sandboxes are made with. Each ends within its bound, by an error if need be. */
export interface Engine {
  readonly bounds: EngineBounds;
  ping(signal: AbortSignal): Promise<void>;
  /** What it runs on; asked once. */
  host(signal?: AbortSignal): Promise<EngineHost>;
  /** Null where there is no such image. */
  image(image: string, signal: AbortSignal): Promise<EngineImage | null>;
  /** A create that was given up may still be done by the engine: `late` then gets what it made. */
  create(
    name: string,
    body: ContainerBody,
    signal: AbortSignal,
    late: (created: CreatedContainer) => void,
  ): Promise<CreatedContainer>;
  attach(id: string, signal: AbortSignal): Promise<Duplex>;
  start(id: string, signal: AbortSignal): Promise<void>;
  /** By its present name, which exactly one of several that ask for it will find. */
  rename(from: string, to: string, signal: AbortSignal): Promise<void>;
  /** Null where the container is gone. */
  inspect(id: string, signal?: AbortSignal): Promise<ContainerInspect | null>;
  /** What a container uses now, as the engine says it: unchecked. */
  stats(id: string, signal: AbortSignal): Promise<unknown>;
  list(filters: Record<string, string[]>, signal?: AbortSignal): Promise<Dockerode.ContainerInfo[]>;
  /** Changes bounds of a container that runs; gives the engine's warnings. */
  update(id: string, bounds: Dockerode.HostConfig, signal?: AbortSignal): Promise<readonly string[]>;
  kill(id: string): Promise<void>;
  waitUntilStopped(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Runs a program in a container and gives its multiplexed output; to be destroyed by the caller. */
  exec(id: string, options: ExecOptions, signal: AbortSignal): Promise<Readable>;
  /** The same with the program's stdin at the other end of what is written. */
  execDuplex(id: string, options: ExecOptions, signal: AbortSignal): Promise<DuplexExec>;
}

export interface EngineHost {
  /** What the engine calls itself; "" where it does not say. */
  readonly id: string;
  readonly cpus: number;
  readonly appArmor: boolean;
}

export interface CreatedContainer {
  readonly id: string;
  readonly warnings: readonly string[];
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly user: string;
}

/** How long an engine is waited for. */
export interface EngineBounds {
  /** For the answer to one call, in ms. */
  readonly quickMs: number;
  /** The same for create, start and remove, which take long on a busy machine. */
  readonly slowMs: number;
  /** How long what ends a container is repeated, in ms: an engine that restarts is back by then. */
  readonly repeatMs: number;
}

export interface DuplexExec {
  readonly stream: Duplex;
  /** With what the program ended; null where it runs, or ended by no code. */
  readonly exitCode: (signal: AbortSignal) => Promise<number | null>;
}

const usualBounds: EngineBounds = { quickMs: 10_000, slowMs: 30_000, repeatMs: 60_000 };

/** The engine behind a dockerode client. Containers are addressed by id or by name. */
export function createEngine(docker: Dockerode, bounds: EngineBounds = usualBounds): Engine {
  return {
    bounds,
    ...readingCalls(docker, bounds),
    ...makingCalls(docker, bounds),
    ...execCalls(docker, bounds),
    ...endingCalls(docker, bounds),
  };
}

function readingCalls(
  docker: Dockerode,
  { quickMs }: EngineBounds,
): Pick<Engine, "ping" | "host" | "image" | "inspect" | "stats" | "list"> {
  let host: EngineHost | null = null;
  return {
    async ping(signal) {
      await engineCall("ping", { timeoutMs: quickMs, signal }, (abortSignal) =>
        engineRequest(docker, { method: "GET", path: "/_ping", abortSignal, status: 200 }),
      );
    },
    async host(signal) {
      host ??= await engineCall("info", { timeoutMs: quickMs, signal }, async (abortSignal) => {
        const request = { method: "GET", path: "/info", abortSignal, status: 200 } as const;
        const { ID, NCPU, SecurityOptions } = fieldsOf(await engineRequest(docker, request));
        const cpus = typeof NCPU === "number" && NCPU > 0 ? NCPU : 1;
        const id = typeof ID === "string" ? ID : "";
        return { id, cpus, appArmor: String(SecurityOptions).includes("name=apparmor") };
      });
      return host;
    },
    image: (image, signal) =>
      engineCall("inspect of an image", { timeoutMs: quickMs, signal }, (abortSignal) =>
        unlessGone(async () => {
          const path = `/images/${encodeURIComponent(image).replaceAll("%2F", "/")}/json`;
          const request = { method: "GET", path, abortSignal, status: 200 } as const;
          const { Id, Config } = fieldsOf(await engineRequest(docker, request));
          if (typeof Id !== "string") return null;
          const { Env } = fieldsOf(Config);
          return { id: Id, env: Array.isArray(Env) ? Env.map(String) : [] };
        }),
      ),
    inspect: (id, signal) =>
      engineCall("inspect", { timeoutMs: quickMs, signal }, (abortSignal) =>
        unlessGone(() => docker.getContainer(id).inspect({ abortSignal })),
      ),
    stats: (id, signal) =>
      engineCall("stats", { timeoutMs: quickMs, signal }, (abortSignal) => {
        // By itself the engine would look twice, a second apart.
        const query = { stream: false, "one-shot": true };
        const path = `/containers/${encodeURIComponent(id)}/stats?`;
        return engineRequest(docker, { method: "GET", path, query, abortSignal, status: 200 });
      }),
    list: (filters, signal) =>
      engineCall("list", { timeoutMs: quickMs, signal }, (abortSignal) =>
        docker.listContainers({ all: true, filters: JSON.stringify(filters), abortSignal }),
      ),
  };
}

function makingCalls(
  docker: Dockerode,
  { quickMs, slowMs }: EngineBounds,
): Pick<Engine, "create" | "attach" | "start" | "rename" | "update"> {
  return {
    create: (name, body, signal, late) =>
      engineCall("create", { timeoutMs: slowMs, signal, late }, () => createContainer(docker, name, body)),
    attach: (id, signal) =>
      engineCall("attach", { timeoutMs: quickMs, signal, late: destroy }, async (abortSignal) => {
        const streams = { stream: true, stdin: true, stdout: true, stderr: true };
        const socket = await docker.getContainer(id).attach({ ...streams, hijack: true, abortSignal });
        // safety: with `hijack` docker-modem gives the socket of the upgraded connection.
        return socket as Duplex;
      }),
    async start(id, signal) {
      await engineCall("start", { timeoutMs: slowMs, signal }, (abortSignal) =>
        docker.getContainer(id).start({ abortSignal }),
      );
    },
    async rename(from, to, signal) {
      await engineCall("rename", { timeoutMs: quickMs, signal }, (abortSignal) =>
        docker.getContainer(from).rename({ name: to, abortSignal }),
      );
    },
    update: (id, limits, signal) =>
      engineCall("update", { timeoutMs: quickMs, signal }, async (abortSignal) =>
        warningsOf(await docker.getContainer(id).update({ ...limits, abortSignal })),
      ),
  };
}

function execCalls(docker: Dockerode, { quickMs }: EngineBounds): Pick<Engine, "exec" | "execDuplex"> {
  const makeExec = (id: string, { command, user }: ExecOptions, stdin: boolean, abortSignal: AbortSignal) =>
    docker.getContainer(id).exec({
      Cmd: [...command],
      User: user,
      WorkingDir: "/",
      AttachStdin: stdin,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      abortSignal,
    });
  return {
    exec: (id, options, signal) =>
      engineCall("exec", { timeoutMs: quickMs, signal, late: destroy }, async (abortSignal) => {
        const exec = await makeExec(id, options, false, abortSignal);
        return exec.start({ Detach: false, Tty: false, abortSignal });
      }),
    execDuplex: (id, options, signal) =>
      engineCall("exec", { timeoutMs: quickMs, signal, late: destroyExec }, async (abortSignal) => {
        const exec = await makeExec(id, options, true, abortSignal);
        const start = { Detach: false, Tty: false, stdin: true, hijack: true, abortSignal };
        const stream = await exec.start(start);
        const exitCode = (asking: AbortSignal) =>
          engineCall("inspect of an exec", { timeoutMs: quickMs, signal: asking }, async (abortInspect) => {
            const { ExitCode } = await exec.inspect({ abortSignal: abortInspect });
            return ExitCode;
          });
        return { stream, exitCode };
      }),
  };
}

function endingCalls(
  docker: Dockerode,
  { quickMs, slowMs }: EngineBounds,
): Pick<Engine, "kill" | "waitUntilStopped" | "remove"> {
  return {
    async kill(id) {
      await engineCall("kill", { timeoutMs: quickMs }, (abortSignal) =>
        unlessGone(() => docker.getContainer(id).kill({ signal: "SIGKILL", abortSignal }), [404, 409]),
      );
    },
    async waitUntilStopped(id) {
      await engineCall("wait", { timeoutMs: quickMs }, (abortSignal) =>
        unlessGone(() => docker.getContainer(id).wait({ condition: "not-running", abortSignal })),
      );
    },
    async remove(id) {
      await engineCall("remove", { timeoutMs: slowMs }, (abortSignal) =>
        unlessGone(() => docker.getContainer(id).remove({ force: true, v: true, abortSignal })),
      );
    },
  };
}

async function createContainer(
  docker: Dockerode,
  name: string,
  body: ContainerBody,
): Promise<CreatedContainer> {
  const request = {
    method: "POST",
    path: "/containers/create?",
    query: { name },
    body,
    status: 201,
  } as const;
  const answer = await engineRequest(docker, request);
  const { Id } = fieldsOf(answer);
  if (typeof Id !== "string") throw new Error("The engine's answer to create has no id.");
  return { id: Id, warnings: warningsOf(answer) };
}

function warningsOf(answer: unknown): readonly string[] {
  const { Warnings } = fieldsOf(answer);
  return Array.isArray(Warnings) ? Warnings.map(String) : [];
}

/** The fields of an answer, each to be checked before it is used. */
function fieldsOf(
  answer: unknown,
): Partial<Record<"Id" | "Warnings" | "ID" | "NCPU" | "SecurityOptions" | "Config" | "Env", unknown>> {
  return typeof answer === "object" && answer !== null ? answer : {};
}

async function unlessGone<Value>(
  call: () => Promise<Value>,
  goneStatuses: readonly number[] = [404],
): Promise<Value | null> {
  try {
    return await call();
  } catch (error) {
    if (goneStatuses.includes(engineStatus(error) ?? 0)) return null;
    throw error;
  }
}

function destroyExec({ stream }: DuplexExec): void {
  destroy(stream);
}

function destroy(stream: Readable): void {
  stream.on("error", () => undefined);
  stream.destroy();
}
