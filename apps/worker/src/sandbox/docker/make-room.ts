import type { SandboxRecord, SandboxSpec, SandboxStartFailure } from "../sandbox-provider.ts";
import { endAndRemove } from "./end-container.ts";
import type { RepeatWhileAway } from "./engine-away.ts";
import { EngineSilent } from "./engine-call.ts";
import type { Engine } from "./engine.ts";
import { listSandboxes } from "./list-sandboxes.ts";
import type { SandboxLogger } from "./start-container.ts";
import { startFailure } from "./start-failure.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface MakeRoomDeps {
  readonly engine: Engine;
  readonly installationId: string;
  readonly logger: SandboxLogger;
}

/**
 * Removes what earlier Attempts of the Job left, and refuses where this one or a later one has a Sandbox, other than
 * the one of the name `own`. Null where there is room. One of an earlier Attempt that the engine does not answer for is
 * left to a sweep: no later Attempt is made before it was ended, or nobody had spoken to its agent for so long that it has
 * ended itself. An abort throws the signal's reason.
 */
export async function makeRoom(
  { engine, installationId, logger }: MakeRoomDeps,
  { jobId, attempt }: Pick<SandboxSpec, "jobId" | "attempt">,
  own: string | null,
  signal: AbortSignal,
  repeat: RepeatWhileAway,
): Promise<SandboxStartFailure | null> {
  const namePattern = `^/?longshore-${jobId}-a`;
  try {
    const records = await repeat(() => listSandboxes(engine, installationId, signal, namePattern));
    const others = records.filter((record) => record.jobId === jobId && record.name !== own);
    const taken = others.find((record) => record.attempt !== null && record.attempt >= attempt);
    if (taken !== undefined)
      return startFailure(`Attempt ${String(taken.attempt)} of the Job has a Sandbox already.`);
    const clear = async ({ ref }: SandboxRecord): Promise<void> => {
      try {
        await endAndRemove(engine, ref);
      } catch (error) {
        if (!(error instanceof EngineSilent)) throw error;
        logger.warn(
          { err: error, sandbox: ref },
          "The engine says nothing of an earlier Attempt's Sandbox: left to a sweep.",
        );
      }
    };
    await unlessAborted(Promise.all(others.map(clear)), signal);
    return null;
  } catch (error) {
    signal.throwIfAborted();
    logger.warn({ err: error, job: jobId }, "Room could not be made for a Sandbox.");
    return startFailure(error);
  }
}
