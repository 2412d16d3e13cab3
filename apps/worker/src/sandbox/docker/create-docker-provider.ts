import type Dockerode from "dockerode";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import { awaitedLater } from "@longshore/shared/runtime/awaited-later";
import { agentEndsItselfMs } from "../agent-silence.ts";
import type { Sandbox, SandboxProvider, SandboxSpec, SandboxStartFailure } from "../sandbox-provider.ts";
import type { WarmPool } from "../warm-pool.ts";
import { createAdopter } from "./adopt-container.ts";
import { lifeOfAttempt } from "./container-life.ts";
import type { StepRunner } from "./container-spec.ts";
import { dockerSandbox } from "./docker-sandbox.ts";
import { endAndRemove } from "./end-container.ts";
import { createRepeatWhileAway } from "./engine-away.ts";
import { createEngine, type Engine, type EngineBounds } from "./engine.ts";
import { discard, handOver } from "./hand-over.ts";
import { listSandboxes } from "./list-sandboxes.ts";
import { makeRoom } from "./make-room.ts";
import { sandboxName, sandboxUid } from "./sandbox-name.ts";
import { createContainerStarter, type RunningContainer, type SandboxLogger } from "./start-container.ts";
import { warmContainers, type WarmContainersDeps, type WarmSettings } from "./warm-containers.ts";

export interface DockerProviderDeps {
  readonly docker: Dockerode;
  /** Name of the agent image on that engine. It is never pulled. */
  readonly image: string;
  readonly runtime: string;
  /** How Steps are started; on, where it is left out. */
  readonly stepRunner?: StepRunner;
  /** Modules of Python that a warm Sandbox has loaded for its Steps, by commas; none, where it is left out. */
  readonly stepPreload?: string;
  /** Tells this installation's containers from those of others on the same engine. */
  readonly installationId: string;
  /** The worker that starts them. */
  readonly workerId: string;
  readonly logger: SandboxLogger;
  /** The seccomp profile as JSON. */
  readonly seccompProfile: string;
  /** Sandboxes to keep started; none where left out. */
  readonly warm?: WarmSettings;
  /** How long a start waits for an engine that cannot be reached, in ms: an engine that restarts is back within a minute. */
  readonly engineWaitMs?: number;
  /** How long an engine that hangs is waited for. */
  readonly engineBounds?: EngineBounds;
  /** When an agent to which nobody speaks has surely ended itself, in ms; what the agents are told, where left out. */
  readonly agentEndsItselfMs?: number;
}

const engineWaitMs = 60_000;

export interface DockerProvider extends SandboxProvider {
  /** How many Sandboxes wait for a Job. */
  warmReady(): number;
  /** How many are to wait. */
  warmWanted(): number;
  /** Why none could be made lately, a sentence; null where they can, or that is not known. */
  warmTrouble(): string | null;
  /** Removes the Sandboxes that wait for a Job. Those of Jobs are their owners'. */
  stop(): Promise<void>;
}

/** Sandboxes in containers of a Docker engine, or of what speaks its API. `ref` is the container's id. */
export function createDockerProvider(deps: DockerProviderDeps): DockerProvider {
  const engine = createEngine(deps.docker, deps.engineBounds);
  const seccompProfile = JSON.stringify(JSON.parse(deps.seccompProfile));
  const startContainer = createContainerStarter({ ...deps, engine, seccompProfile });
  const owning = {
    engine,
    agentEndsItselfMs: deps.agentEndsItselfMs ?? agentEndsItselfMs,
    logger: deps.logger,
  };
  const adopt = createAdopter({ ...deps, ...owning });
  const pool = openPool({
    ...deps,
    engine,
    startContainer,
    repeatWhileAway: (signal) => repeatWhileAway(deps, signal),
  });

  async function start(
    spec: SandboxSpec,
    signal: AbortSignal,
  ): Promise<Result<Sandbox, SandboxStartFailure>> {
    const repeat = repeatWhileAway(deps, signal);
    const name = sandboxName(spec.jobId, spec.attempt);
    const roomBeside = (own: string | null) => makeRoom({ ...deps, ...owning }, spec, own, signal, repeat);
    const look = awaitedLater(roomBeside(null));
    const ready = pool === null ? null : await pool.take(spec.limits, signal);
    const refused = ready === null ? await look : await discardUnlessRoom(engine, ready, () => look);
    if (refused !== null) return fail(refused);
    const handed = ready === null ? null : await handOver({ ...deps, engine }, ready, name, signal);
    const made =
      handed ?? (await startContainer({ name, uid: sandboxUid(spec.jobId), ...spec }, signal, repeat));
    if (!made.ok) return made;
    const overtaken = await discardUnlessRoom(engine, made.value, () => roomBeside(name));
    if (overtaken !== null) return fail(overtaken);
    return succeed(dockerSandbox(owning, { ...made.value, name, warm: handed !== null }));
  }

  return {
    name: "docker",
    runtime: deps.runtime,
    start,
    adopt: (spec, signal) => adopt(spec, signal, repeatWhileAway(deps, signal)),
    life: (spec, signal) => lifeOfAttempt({ ...deps, engine }, spec, signal),
    engineId: (signal) => engineId(engine, signal),
    list: (signal) => listSandboxes(engine, deps.installationId, signal),
    removeListed: ({ name }) => endAndRemove(engine, name),
    ping: (signal) => engine.ping(signal),
    ...warmFacts(pool),
    stop: async () => pool?.stop(),
  };
}

/**
 * Gives a container up where there are other owners. Looked for before it gets its name and once more when it has it:
 * whoever was frozen in between may have been given up, and the Attempt, or a later one, be running elsewhere on the engine.
 */
async function discardUnlessRoom(
  engine: Engine,
  container: RunningContainer,
  look: () => Promise<SandboxStartFailure | null>,
): Promise<SandboxStartFailure | null> {
  let hasRoom = false;
  try {
    const refused = await look();
    hasRoom = refused === null;
    return refused;
  } finally {
    if (!hasRoom) await discard(engine, container);
  }
}

function repeatWhileAway({ engineWaitMs: forMs, logger }: DockerProviderDeps, signal: AbortSignal) {
  return createRepeatWhileAway({ forMs: forMs ?? engineWaitMs, signal, logger });
}

function openPool(deps: DockerProviderDeps & WarmContainersDeps): WarmPool<RunningContainer> | null {
  const { warm } = deps;
  return warm === undefined || warm.size === 0 ? null : warmContainers(deps, warm);
}

function warmFacts(
  pool: WarmPool<RunningContainer> | null,
): Pick<DockerProvider, "warmReady" | "warmWanted" | "warmTrouble"> {
  return {
    warmReady: () => pool?.ready() ?? 0,
    warmWanted: () => pool?.wanted() ?? 0,
    warmTrouble: () => pool?.trouble() ?? null,
  };
}

async function engineId(engine: Engine, signal: AbortSignal): Promise<string> {
  const { id } = await engine.host(signal);
  if (id === "") throw new Error("The container engine does not say which one it is.");
  return id;
}
