import { randomUUID } from "node:crypto";
import type Dockerode from "dockerode";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import type {
  Sandbox,
  SandboxProvider,
  SandboxRecord,
  SandboxSpec,
  SandboxStartFailure,
} from "../sandbox-provider.ts";
import { createWarmPool, type WarmPool } from "../warm-pool.ts";
import { dockerSandbox } from "./docker-sandbox.ts";
import { endContainer, removeContainer } from "./end-container.ts";
import { createRepeatWhileAway, isEngineAway, type RepeatWhileAway } from "./engine-away.ts";
import { engineStatus } from "./engine-call.ts";
import { createEngine, type Engine } from "./engine.ts";
import { listSandboxes } from "./list-sandboxes.ts";
import type { SandboxLimits } from "./sandbox-bounds.ts";
import { sandboxName, sandboxUid, warmName } from "./sandbox-name.ts";
import { startFailure } from "./start-failure.ts";
import {
  createContainerStarter,
  type RunningContainer,
  type SandboxLogger,
  type StartContainer,
} from "./start-container.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface DockerProviderDeps {
  readonly docker: Dockerode;
  /** Name of the agent image on that engine. It is never pulled. */
  readonly image: string;
  readonly runtime: string;
  /** Tells this installation's containers from those of others on the same engine. */
  readonly installationId: string;
  readonly logger: SandboxLogger;
  /** The seccomp profile as JSON. */
  readonly seccompProfile: string;
  /** Sandboxes to keep started for Jobs with exactly these limits; left out, or size 0: none. */
  readonly warm?: { readonly size: number; readonly limits: SandboxLimits };
  /** How long a start waits for an engine that cannot be reached, in ms: an engine that restarts is back within a minute. */
  readonly engineWaitMs?: number;
}

const engineWaitMs = 60_000;

export interface DockerProvider extends SandboxProvider {
  /** How many Sandboxes wait for a Job. */
  warmReady(): number;
  /** Removes the Sandboxes that wait for a Job. Those of Jobs are their owners'. */
  stop(): Promise<void>;
}

/** Sandboxes in containers of a Docker engine, or of what speaks its API. `ref` is the container's id. */
export function createDockerProvider(deps: DockerProviderDeps): DockerProvider {
  const engine = createEngine(deps.docker);
  const seccompProfile = JSON.stringify(JSON.parse(deps.seccompProfile));
  const startContainer = createContainerStarter({ ...deps, engine, seccompProfile });
  const pool = deps.warm === undefined ? null : warmContainers(deps, engine, startContainer, deps.warm);

  async function start(
    spec: SandboxSpec,
    signal: AbortSignal,
  ): Promise<Result<Sandbox, SandboxStartFailure>> {
    const repeat = repeatWhileAway(deps, signal);
    const refused = await makeRoom(deps, engine, spec, signal, repeat);
    if (refused !== null) return fail(refused);
    const name = sandboxName(spec.jobId, spec.attempt);
    const ready = pool === null ? null : await pool.take(spec.limits);
    const handed = ready === null ? null : await handOver(deps, engine, ready, name, signal);
    if (handed !== null) return handed;
    const options = { name, uid: sandboxUid(spec.jobId), limits: spec.limits };
    const started = await startContainer(options, signal, repeat);
    return started.ok ? succeed(dockerSandbox(engine, started.value, false)) : started;
  }

  return {
    name: "docker",
    runtime: deps.runtime,
    start,
    list: (signal) => listSandboxes(engine, deps.installationId, signal),
    removeByRef: (ref) => endAndRemove(engine, ref),
    ping: (signal) => engine.ping(signal),
    warmReady: () => pool?.ready() ?? 0,
    stop: async () => pool?.stop(),
  };
}

/** Removes what earlier Attempts of the Job left, and refuses where this one or a later one has a Sandbox. */
async function makeRoom(
  { installationId, logger }: DockerProviderDeps,
  engine: Engine,
  { jobId, attempt }: SandboxSpec,
  signal: AbortSignal,
  repeat: RepeatWhileAway,
): Promise<SandboxStartFailure | null> {
  const namePattern = `^/?longshore-${jobId}-a`;
  try {
    const records = await repeat(() => listSandboxes(engine, installationId, signal, namePattern));
    const others = records.filter((record) => record.jobId === jobId);
    const taken = others.find((record) => record.attempt !== null && record.attempt >= attempt);
    if (taken !== undefined)
      return startFailure(`Attempt ${String(taken.attempt)} of the Job has a Sandbox already.`);
    const removing = others.map(({ ref }: SandboxRecord) => endAndRemove(engine, ref));
    await unlessAborted(Promise.all(removing), signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    logger.warn({ err: error, job: jobId }, "Room could not be made for a Sandbox.");
    return startFailure(error);
  }
}

/** Gives a warm container the Attempt's name, which is the mutex. Null where the engine went away meanwhile: a new one is to be started. */
async function handOver(
  { logger }: DockerProviderDeps,
  engine: Engine,
  container: RunningContainer,
  name: string,
  signal: AbortSignal,
): Promise<Result<Sandbox, SandboxStartFailure> | null> {
  try {
    await engine.rename(container.id, name, signal);
    return succeed(dockerSandbox(engine, container, true));
  } catch (error) {
    logger.warn({ err: error, name }, "A warm Sandbox could not be handed over.");
    const left = await discardOrSay(engine, container, signal);
    if (left !== null) return fail(startFailure(left));
    if (isEngineAway(error)) return null;
    const taken = engineStatus(error) === 409;
    return fail(startFailure(taken ? `The name ${name} is taken: this Attempt has a Sandbox.` : error));
  }
}

/** Waits for the engine, which may have given the container its name although the answer was lost. Gives the error where it is not discarded. */
async function discardOrSay(
  engine: Engine,
  container: RunningContainer,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    await unlessAborted(discard(engine, container), signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    return error;
  }
}

function repeatWhileAway({ engineWaitMs: forMs, logger }: DockerProviderDeps, signal: AbortSignal) {
  return createRepeatWhileAway({ forMs: forMs ?? engineWaitMs, signal, logger });
}

function warmContainers(
  deps: DockerProviderDeps,
  engine: Engine,
  startContainer: StartContainer,
  { size, limits }: NonNullable<DockerProviderDeps["warm"]>,
): WarmPool<RunningContainer> {
  return createWarmPool({
    size,
    limits,
    logger: deps.logger,
    make(signal) {
      const name = warmName(randomUUID());
      return startContainer({ name, uid: sandboxUid(name), limits }, signal, repeatWhileAway(deps, signal));
    },
    async isUsable({ id, connection }) {
      const found = await engine.inspect(id);
      return found?.State.Running === true && !found.State.Paused && connection.isOpen();
    },
    discard: (container) => discard(engine, container),
  });
}

async function discard(engine: Engine, { id, connection }: RunningContainer): Promise<void> {
  connection.close();
  await endAndRemove(engine, id);
}

async function endAndRemove(engine: Engine, id: string): Promise<void> {
  await endContainer(engine, id);
  await removeContainer(engine, id);
}
