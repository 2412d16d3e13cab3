import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { readText } from "./read-text.ts";

/** Throttled processes exit slowly: 256 of them at a tenth of a CPU took 15 s. */
const longestDyingMs = 15_000;
const longestPauseMs = 50;

/**
 * Kills every process in the Sandbox but process 1 and the agent itself, which the kernel spares, and those of other
 * users (a relay, an operator's exec), and waits until they are gone. By -1 and not by a process group: a daemon is in
 * none that we know.
 *
 * True where nothing is left; false where something has not died in 15 s (it sits in the kernel).
 */
export type KillAll = () => Promise<boolean>;

/** Who calls while it kills waits for the same end: a second loop that went on would kill the next Step. */
export function createKillAll(): KillAll {
  let killing: Promise<boolean> | null = null;
  return () =>
    (killing ??= killUntilGone().finally(() => {
      killing = null;
    }));
}

async function killUntilGone(): Promise<boolean> {
  const deadline = performance.now() + longestDyingMs;
  for (let pauseMs = 1; killOnce(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (performance.now() > deadline) return false;
    await wait(pauseMs);
  }
  return true;
}

/** True where there was something to kill, be it only a process that has ended and is not reaped yet. */
export function killOnce(): boolean {
  try {
    process.kill(-1, "SIGKILL");
  } catch {
    // ESRCH: nobody is left.
    return false;
  }
  // The kernel says the same where all that is left is of other users, such as a relay, and spares it.
  return readdirSync("/proc").some(isOfOurs);
}

/** Whether a name in /proc is that of a process with our uid which is neither process 1 nor the agent. */
function isOfOurs(name: string): boolean {
  if (!/^\d+$/.test(name) || name === "1" || name === String(process.pid)) return false;
  const uid = /^Uid:\s+(\d+)/m.exec(readText(`/proc/${name}/status`) ?? "")?.[1];
  return uid !== undefined && Number(uid) === process.getuid?.();
}

/**
 * Whether kill(-1) reaches only Steps: the agent is the child of its Sandbox's process 1, and not root. Anywhere
 * else it would end every process of the user who tries the agent out.
 */
export function isInSandbox(): boolean {
  return process.ppid === 1 && process.getuid?.() !== 0;
}
