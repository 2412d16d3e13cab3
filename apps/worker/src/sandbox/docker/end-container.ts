import { setTimeout as pause } from "node:timers/promises";
import type { SandboxEnd } from "../sandbox-provider.ts";
import { repeatCall } from "./engine-call.ts";
import type { Engine } from "./engine.ts";

/**
 * Kills a container and resolves when it runs no more, with how it ended. Its streams must be closed before,
 * as an engine hangs on a container with a client that does not read. A throttled container dies slowly, so
 * one that is not dead at once gets all processors. Rejects where the engine has not done it in about a minute.
 * `nameOrId` is the owner's name of it where it has an owner: one that a later owner has renamed is not found, and
 * left alone.
 */
export async function endContainer(engine: Engine, nameOrId: string): Promise<SandboxEnd> {
  return repeatCall(engine.bounds.repeatMs, async () => {
    const before = await engine.inspect(nameOrId);
    if (before === null) return { exitCode: null, oomKilled: false, seen: true };
    if (before.State.Running || before.State.Paused) {
      await killRunning(engine, nameOrId, before.HostConfig.NanoCpus ?? 0);
    }
    const after = await engine.inspect(nameOrId);
    if (after === null) return { exitCode: null, oomKilled: false, seen: true };
    if (after.State.Running) throw new Error("The container runs on although it was killed.");
    return { exitCode: after.State.ExitCode, oomKilled: after.State.OOMKilled, seen: true };
  });
}

/** What a container with a processor of its own takes to die, in ms, with time to spare. */
const promptDeathMs = 500;

async function killRunning(engine: Engine, nameOrId: string, nanoCpus: number): Promise<void> {
  await engine.kill(nameOrId);
  const stopped = new AbortController();
  const hastened = hasten(engine, nameOrId, nanoCpus, stopped.signal);
  try {
    await engine.waitUntilStopped(nameOrId);
  } finally {
    stopped.abort();
    await hastened;
  }
}

/** Gives all processors to a container that is still dying after a moment: a change costs more than most deaths. */
async function hasten(
  engine: Engine,
  nameOrId: string,
  nanoCpus: number,
  stopped: AbortSignal,
): Promise<void> {
  try {
    await pause(promptDeathMs, undefined, { signal: stopped });
    const { cpus } = await engine.host();
    if (nanoCpus < cpus * 1e9) await engine.update(nameOrId, { NanoCpus: cpus * 1e9 });
  } catch {
    // It only hastens the end; a container that has just ended refuses it.
  }
}

const goneTries = 50;

/** Removes a container, running or not, and resolves when the engine does not know it any more. */
export async function removeContainer(engine: Engine, nameOrId: string): Promise<void> {
  await repeatCall(engine.bounds.repeatMs, async () => {
    try {
      await engine.remove(nameOrId);
    } catch (error) {
      // 409: somebody else's removal is under way. That it is gone is what counts, whoever did it.
      if (!(await isGoneSoon(engine, nameOrId))) throw error;
    }
  });
}

/** Both of the above, one after the other. */
export async function endAndRemove(engine: Engine, nameOrId: string): Promise<void> {
  await endContainer(engine, nameOrId);
  await removeContainer(engine, nameOrId);
}

async function isGoneSoon(engine: Engine, nameOrId: string): Promise<boolean> {
  for (let count = 0; count < goneTries; count += 1) {
    const found = await engine.inspect(nameOrId);
    if (found === null) return true;
    if (found.State.Status !== "removing") return false;
    await pause(100);
  }
  return false;
}
