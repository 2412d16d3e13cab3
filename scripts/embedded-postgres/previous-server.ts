import { connect } from "node:net";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { SetupFault } from "../terminal/setup-fault.ts";
import type { Cluster } from "./cluster.ts";
import { isServerOf, processesIn, readPostmasterPid } from "./postmaster-pid.ts";

/** Crash recovery of a large database may take a while; a stop that hangs does not end by itself. */
const SETTLE_LIMIT_MS = 60_000;
const POLL_MS = 100;
const CONNECT_LIMIT_MS = 2_000;

/**
 * Looks at what an earlier start left in the data directory. A server of this directory that is ready (or becomes so)
 * is used: its port. One that stops is waited for, and a pid file that names somebody else is removed: null, start one.
 */
export async function settlePreviousServer(
  { data }: Cluster,
  log: (line: string) => void,
): Promise<Result<number | null, SetupFault>> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  for (let first = true; Date.now() < deadline; first = false) {
    const file = await readPostmasterPid(data);
    const serving = file !== null && (await isServerOf(file.pid, data));
    if (
      serving &&
      file.state === "ready" &&
      (await takesConnections(file.port)) &&
      (await isServerOf(file.pid, data))
    ) {
      log(`A PostgreSQL of this folder still runs (pid ${file.pid}); it is used.`);
      return succeed(file.port);
    }
    const leftOver = await processesIn(data);
    if (!serving && leftOver.length === 0) {
      if (file !== null)
        log(`A stale postmaster.pid (pid ${file.pid}, no PostgreSQL of this folder) was removed.`);
      await rm(join(data, "postmaster.pid"), { force: true });
      return succeed(null);
    }
    if (first) log(`A PostgreSQL of this folder is ${file?.state || "ending"}; waiting for it.`);
    await pause(POLL_MS);
  }
  const pids = (await processesIn(data)).join(", ");
  return fail({
    what: `Processes of an earlier PostgreSQL (${pids}) still work in ${data}, and do not come to an end.`,
    advice: `End them (kill ${pids.replaceAll(",", "")}), then run the command again.`,
  });
}

/** A server that was killed this very moment still has its process and its file. */
function takesConnections(port: number): Promise<boolean> {
  const socket = connect({ host: "127.0.0.1", port, timeout: CONNECT_LIMIT_MS });
  return new Promise((resolve) => {
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
