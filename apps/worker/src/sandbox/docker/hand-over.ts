import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import type { SandboxStartFailure } from "../sandbox-provider.ts";
import { isEngineAway } from "./engine-away.ts";
import { engineStatus } from "./engine-call.ts";
import type { Engine } from "./engine.ts";
import { removeStart } from "./remove-start.ts";
import type { RunningContainer, SandboxLogger } from "./start-container.ts";
import { startFailure } from "./start-failure.ts";
import { unlessAborted } from "./unless-aborted.ts";
import { withPatience } from "./with-patience.ts";

export interface HandOverDeps {
  readonly engine: Engine;
  readonly logger: SandboxLogger;
}

/**
 * Gives a warm container the Attempt's name, which is the mutex. Null where it or the engine went away meanwhile: a new one
 * is to be started.
 */
export async function handOver(
  { engine, logger }: HandOverDeps,
  container: RunningContainer,
  name: string,
  signal: AbortSignal,
): Promise<Result<RunningContainer, SandboxStartFailure> | null> {
  try {
    await withPatience(signal, (patient) => engine.rename(container.madeAs, name, patient));
    signal.throwIfAborted();
    return succeed(container);
  } catch (error) {
    if (signal.aborted) await discardOnce(engine, container, logger);
    signal.throwIfAborted();
    logger.warn({ err: error, name }, "A warm Sandbox could not be handed over.");
    const left = await discardOrSay(engine, container, signal);
    if (left !== null) return fail(startFailure(left));
    if (isEngineAway(error) || engineStatus(error) === 404) return null;
    const taken = engineStatus(error) === 409;
    return fail(startFailure(taken ? `The name ${name} is taken: this Attempt has a Sandbox.` : error));
  }
}

/** As an aborted start does: who aborts it waits for it. */
async function discardOnce(
  engine: Engine,
  { startId, connection }: RunningContainer,
  logger: SandboxLogger,
): Promise<void> {
  connection.close();
  try {
    await removeStart(engine, startId, { lookForMs: 0 });
  } catch (error) {
    logger.warn({ err: error, startId }, "A warm Sandbox could not be removed: left to the sweep.");
  }
}

/** Closes and removes a container that was started and has no owner but its starter. */
export async function discard(engine: Engine, { startId, connection }: RunningContainer): Promise<void> {
  connection.close();
  await removeStart(engine, startId, { lookForMs: engine.bounds.repeatMs });
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
