import { appendFile, chown, readFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { lastLines } from "../host/run-program.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";
import type { Cluster } from "./cluster.ts";
import { findFreePort } from "../host/free-port.ts";
import { isServerOf, readPostmasterPid } from "./postmaster-pid.ts";

/** Room for crash recovery, which can take long on a large database. */
const START_SECONDS = 120;
/** Somebody may take the port between finding it free and using it. */
const PORT_ATTEMPTS = 5;
/** Each API and worker takes up to 20, and a dozen workers may share one server: with PostgreSQL's own 100, eight that start together had it used up. */
const MAX_CONNECTIONS = 300;
const POLL_MS = 50;
/** The log of earlier starts is let go above this size. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Starts the server on the port that it had last time, or on another free one, and waits until it is ready. */
export async function startServer(cluster: Cluster): Promise<Result<number, SetupFault>> {
  const logFile = await prepareLog(cluster.folder);
  const last = Number.parseInt(await readFile(join(cluster.folder, "port"), "utf8").catch(() => "0"), 10);
  for (let attempt = 1; ; attempt++) {
    const before = (await stat(logFile)).size;
    const port = await findFreePort(attempt === 1 && last > 0 ? last : 0);
    const args = ["start", "-D", cluster.data, "-w", "-t", `${START_SECONDS}`, "-s", "-l", logFile];
    const run = { limitMs: (START_SECONDS + 10) * 1000 };
    const { code, output } = await cluster.runner(
      cluster.binaries.pgCtl,
      [...args, "-o", serverOptions(cluster, port)],
      run,
    );
    if (code === 0) return succeed(port);
    const log = (await readFile(logFile)).subarray(before).toString("utf8");
    if (/could not bind|Address already in use/.test(log) && attempt < PORT_ATTEMPTS) continue;
    const reason = `${lastLines(output, 4)}\n${lastLines(log, 8)}`;
    return fail(systemFault(`Starting the embedded PostgreSQL (log: ${logFile})`, reason));
  }
}

/** Made here, so that it belongs to the folder's owner and is closed to others. */
async function prepareLog(folder: string): Promise<string> {
  const file = join(folder, "server.log");
  await appendFile(file, "", { mode: 0o600 });
  const { uid, gid } = await stat(folder);
  if ((await stat(file)).size > LOG_LIMIT_BYTES) await truncate(file);
  if (process.getuid?.() === 0) await chown(file, uid, gid);
  return file;
}

function serverOptions({ durable }: Cluster, port: number): string {
  const settings = [
    "listen_addresses=127.0.0.1",
    // The default folder for socket files is shared by all servers of a machine.
    "unix_socket_directories=",
    `max_connections=${MAX_CONNECTIONS}`,
    "timezone=UTC",
    ...(durable ? [] : ["fsync=off", "full_page_writes=off"]),
  ];
  return [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(" ");
}

/** Stops the server: cuts its connections and writes all data out; where that takes too long, without writing. */
export async function stopServer(cluster: Cluster, limitMs: number): Promise<Result<null, SetupFault>> {
  const file = await readPostmasterPid(cluster.data);
  if (file === null || !(await isServerOf(file.pid, cluster.data))) return succeed(null);
  const seconds = Math.max(1, Math.floor(limitMs / 1000) - 1);
  const args = ["stop", "-D", cluster.data, "-m", "fast", "-w", "-t", `${seconds}`, "-s"];
  const { output } = await cluster.runner(cluster.binaries.pgCtl, args, { limitMs });
  if (!(await isServerOf(file.pid, cluster.data))) return succeed(null);
  // Immediate shutdown loses nothing that was committed; the next start recovers from the log.
  await cluster.runner(cluster.binaries.pgCtl, ["kill", "QUIT", `${file.pid}`], { limitMs });
  const deadline = Date.now() + 2_000;
  while (Date.now() < deadline) {
    if (!(await isServerOf(file.pid, cluster.data))) return succeed(null);
    await pause(POLL_MS);
  }
  return fail({
    what: `The embedded PostgreSQL (pid ${file.pid}) does not stop: ${lastLines(output, 3)}`,
    advice: `Nothing committed is lost. End it by kill -QUIT ${file.pid}; the next start also takes it over.`,
  });
}
