import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../scripts/embedded-postgres/start-embedded-postgres.ts";

/** A PostgreSQL of a test's own, to be stopped and started again on the same port. */
export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

/** Makes and starts a server with an empty database, in a folder of its own or in `given`, an empty one. */
export async function createPostgresServer(given?: string): Promise<PostgresServer> {
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), "longshore-postgres-")));
  const startOne = async () => {
    const started = await startEmbeddedPostgres({ dataDir, log: () => undefined, durable: false });
    if (!started.ok) throw new Error(`${started.failure.what} ${started.failure.advice}`);
    return started.value;
  };
  let server = await startOne();
  const stop = async () => {
    const stopped = await server.stop();
    if (!stopped.ok) throw new Error(stopped.failure.what);
  };
  return {
    url: server.url,
    port: server.port,
    stop,
    start: async () => {
      server = await startOne();
    },
    remove: async () => {
      await stop();
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
