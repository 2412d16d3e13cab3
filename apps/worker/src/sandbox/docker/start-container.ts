import { randomUUID } from "node:crypto";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import type { SandboxStartFailure } from "../sandbox-provider.ts";
import { createAgentConnection, type AgentConnection } from "./agent-connection.ts";
import { checkStarted } from "./check-started.ts";
import { containerSpec, type ContainerSpec, type StepRunner } from "./container-spec.ts";
import { removeContainer } from "./end-container.ts";
import type { RepeatWhileAway } from "./engine-away.ts";
import { engineStatus } from "./engine-call.ts";
import type { Engine } from "./engine.ts";
import type { EngineImage } from "./engine-image.ts";
import { differencesInWarnings } from "./inspect-check.ts";
import { NotAsAsked, refuseIfAny } from "./not-as-asked.ts";
import { removeStart } from "./remove-start.ts";
import { runtimeTraits } from "./runtime-traits.ts";
import { sandboxBounds, type SandboxLimits } from "./sandbox-bounds.ts";
import { sandboxLabels } from "./sandbox-labels.ts";
import { startFailure } from "./start-failure.ts";
import { createStartTurns } from "./start-turns.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { withPatience } from "./with-patience.ts";

/** A container that runs, was checked, and whose agent said hello. */
export interface RunningContainer {
  readonly id: string;
  /** Of the try that made it: `removeStart` finds it by this. */
  readonly startId: string;
  /** The name that it was made with. */
  readonly madeAs: string;
  /** Of the Job's processes, as "uid:gid". */
  readonly user: string;
  /** What it was held against. */
  readonly spec: ContainerSpec;
  readonly connection: AgentConnection;
}

export interface SandboxLogger {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface StartContainerDeps {
  readonly engine: Engine;
  readonly image: string;
  readonly runtime: string;
  readonly stepRunner?: StepRunner;
  readonly stepPreload?: string;
  readonly installationId: string;
  /** The worker that starts them. */
  readonly workerId: string;
  readonly seccompProfile: string;
  readonly logger: SandboxLogger;
}

export interface StartContainerOptions {
  readonly name: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  /** True where no Job waits for it: it goes behind all that are waited for. */
  readonly spare?: boolean;
}

/** `repeat` says what is to be tried again; without it an engine that is away is a failure at once. */
export type StartContainer = (
  options: StartContainerOptions,
  signal: AbortSignal,
  repeat?: RepeatWhileAway,
) => Promise<Result<RunningContainer, SandboxStartFailure>>;

const once = { lookForMs: 0 };
const leftBehind = "A Sandbox that failed to start could not be removed: left to the sweep.";

/**
 * Creates, starts and checks containers. A failure is returned and leaves nothing behind; an abort throws the
 * signal's reason, likewise. The image is resolved once, so that a tag that moves changes nothing under us.
 */
export function createContainerStarter(deps: StartContainerDeps): StartContainer {
  const { engine, image, logger } = deps;
  const specs = createSpecMaker(deps);
  const turns = createStartTurns(async (signal) => (await engine.host(signal)).cpus);

  return async function startContainer(options, signal, repeat = (call) => call()) {
    const startId = randomUUID();
    const takeTurn = options.spare === true ? turns.takeSpare : turns.take;
    let connection: AgentConnection | null = null;
    let tries = 0;

    async function tryOnce(): Promise<RunningContainer> {
      connection?.close();
      // A try that lost the engine may have made a container, which has the name.
      if (tries > 0 && (await unlessAborted(removeStart(engine, startId, once), signal)) === "adopted")
        throw new NotAsAsked("A later owner has adopted the Sandbox.");
      tries += 1;
      const spec = await specs.make(options, startId, signal);
      const heard = {
        onMissingImage: specs.forgetImage,
        onAttached: (attached: AgentConnection) => void (connection = attached),
      };
      const started = await takeTurn(async () => createAndStart(deps, spec, heard, signal), signal);
      await checkStarted(deps, { ...started, spec }, signal);
      return { ...nameAndUser(spec), ...started, spec, startId };
    }

    try {
      return succeed(await repeat(tryOnce));
    } catch (error) {
      const stderr = closedWithTail(connection);
      await removeStart(engine, startId, once).catch((left: unknown) =>
        logger.warn({ err: left, startId }, leftBehind),
      );
      signal.throwIfAborted();
      logger.warn({ err: error, startId }, "A Sandbox could not be started.");
      return fail(startFailure(error, { image, stderr }));
    }
  };
}

function createSpecMaker(deps: StartContainerDeps) {
  const { engine, image, runtime } = deps;
  let found: EngineImage | null = null;
  return {
    forgetImage: (): void => void (found = null),
    async make(options: StartContainerOptions, startId: string, signal: AbortSignal): Promise<ContainerSpec> {
      const { cpus } = await engine.host(signal);
      found ??= await engine.image(image, signal);
      if (found === null) throw new NotAsAsked(missingImage(image));
      return containerSpec({
        ...options,
        image: found,
        runtime,
        ...{ stepRunner: deps.stepRunner, stepPreload: deps.stepPreload },
        bounds: sandboxBounds(options.limits, cpus, runtimeTraits(runtime)),
        labels: sandboxLabels(deps.installationId, deps.workerId, startId),
        seccompProfile: deps.seccompProfile,
      });
    },
  };
}

async function createAndStart(
  deps: StartContainerDeps,
  spec: ContainerSpec,
  heard: { readonly onMissingImage: () => void; readonly onAttached: (connection: AgentConnection) => void },
  signal: AbortSignal,
): Promise<Pick<RunningContainer, "id" | "connection">> {
  const id = await create(deps, spec, heard.onMissingImage, signal);
  const connection = createAgentConnection(await deps.engine.attach(id, signal));
  heard.onAttached(connection);
  await withPatience(signal, (patient) => deps.engine.start(id, patient));
  signal.throwIfAborted();
  return { id, connection };
}

function nameAndUser({ name, uid }: ContainerSpec): Pick<RunningContainer, "madeAs" | "user"> {
  return { madeAs: name, user: `${String(uid)}:${String(uid)}` };
}

async function create(
  { engine, image, logger }: StartContainerDeps,
  spec: ContainerSpec,
  onMissingImage: () => void,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { id, warnings } = await withPatience(signal, (patient) =>
      engine.create(spec.name, spec.body, patient, (late) => {
        removeContainer(engine, late.id).catch((error: unknown) => logger.warn({ err: error }, leftBehind));
      }),
    );
    signal.throwIfAborted();
    refuseIfAny(differencesInWarnings(warnings));
    return id;
  } catch (error) {
    const status = engineStatus(error);
    if (status === 409) throw new NotAsAsked(`The name ${spec.name} is taken: this Attempt has a Sandbox.`);
    if (status !== 404) throw error;
    onMissingImage();
    throw new NotAsAsked(missingImage(image));
  }
}

function closedWithTail(connection: AgentConnection | null): string {
  connection?.close();
  return connection?.stderrTail() ?? "";
}

function missingImage(image: string): string {
  return `The engine has no image ${image}: \`npm run demo\` builds it, or AGENT_IMAGE names another.`;
}
