import { setTimeout as pause } from "node:timers/promises";
import type { SandboxEnd } from "../sandbox-provider.ts";
import { repeatCall } from "./engine-call.ts";
import type { Engine } from "./engine.ts";

/** An engine that restarts is back by then. */
const repeatMs = 60_000;

/**
 * Kills a container and resolves when it runs no more, with how it ended. Its streams must be closed before,
 * as an engine hangs on a container with a client that does not read. A throttled container dies slowly, so
 * it first gets all processors. Rejects where the engine has not done it in
 * about a minute.
 */
export async function endContainer(engine: Engine, id: string): Promise<SandboxEnd> {
  return repeatCall(repeatMs, async () => {
    const before = await engine.inspect(id);
    if (before === null) return { exitCode: null, oomKilled: false };
    if (before.State.Running || before.State.Paused) {
      await killRunning(engine, id, before.HostConfig.NanoCpus ?? 0);
    }
    const after = await engine.inspect(id);
    if (after === null) return { exitCode: null, oomKilled: false };
    if (after.State.Running) throw new Error("The container runs on although it was killed.");
    return { exitCode: after.State.ExitCode, oomKilled: after.State.OOMKilled };
  });
}

async function killRunning(engine: Engine, id: string, nanoCpus: number): Promise<void> {
  try {
    const { cpus } = await engine.host();
    if (nanoCpus < cpus * 1e9) await engine.raiseCpus(id, cpus);
  } catch {
    // It only hastens the end; a container that has just ended refuses it.
  }
  await engine.kill(id);
  await engine.waitUntilStopped(id);
}

const goneTries = 50;

/** Removes a container, running or not, and resolves when the engine does not know it any more. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  await repeatCall(repeatMs, async () => {
    try {
      await engine.remove(id);
    } catch (error) {
      // 409: somebody else's removal is under way. That it is gone is what counts, whoever did it.
      if (!(await isGoneSoon(engine, id))) throw error;
    }
  });
}

async function isGoneSoon(engine: Engine, id: string): Promise<boolean> {
  for (let count = 0; count < goneTries; count += 1) {
    const found = await engine.inspect(id);
    if (found === null) return true;
    if (found.State.Status !== "removing") return false;
    await pause(100);
  }
  return false;
}
