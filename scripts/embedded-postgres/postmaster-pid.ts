import { readFile, readdir, readlink, realpath } from "node:fs/promises";
import { join } from "node:path";
import { readProcessIdentity } from "../lock/process-identity.mjs";
import { runProgram } from "../host/run-program.ts";

/** What PostgreSQL writes into postmaster.pid; the lines are told in its src/include/utils/pidfile.h. */
export interface PostmasterPid {
  readonly pid: number;
  readonly port: number;
  /** "starting", "stopping", "ready" or "standby"; "" where it was not written yet. */
  readonly state: string;
}

const PS_LIMIT_MS = 5_000;

/** Reads `postmaster.pid` of a data directory; null where there is none, or none that names a process. */
export async function readPostmasterPid(data: string): Promise<PostmasterPid | null> {
  const text = await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port: Number.parseInt(lines[3] ?? "", 10) || 0, state: lines[7] ?? "" };
}

/**
 * True where process `pid` runs and is a server of this data directory. A pid alone proves nothing: after a crash, or
 * in data that came from another machine, it may be anybody's.
 */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  if ((await readProcessIdentity(pid)) === null) return false;
  if (process.platform === "linux") return isAtHome(pid, await realpath(data));
  const { output } = await runProgram("ps", ["-o", "args=", "-p", String(pid)], { limitMs: PS_LIMIT_MS });
  return output.includes("postgres") && output.includes(data);
}

/**
 * The processes that are at work in a data directory, the server's children among them: they can outlive a killed
 * server for a moment, and a second one beside them would ruin the data. Only known on Linux.
 */
export async function processesIn(data: string): Promise<readonly number[]> {
  if (process.platform !== "linux") return [];
  const home = await realpath(data);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const atHome = await Promise.all(pids.map((pid) => isAtHome(pid, home)));
  return pids.filter((_, index) => atHome[index] === true);
}

/** The server and its children have the data directory as their working directory. */
async function isAtHome(pid: number, home: string): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (cwd !== home) return false;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name.startsWith("postgres");
}
