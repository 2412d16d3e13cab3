import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { missingRedis } from "../../scripts/host/ensure-redis.ts";
import { findFreePort } from "../../scripts/host/free-port.ts";

/** A Redis of a test's own, to be killed, frozen and started again. Its data outlive a kill (AOF). */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Starts it, and waits until it answers; rejects with what to do where it is not installed. */
  start(): Promise<void>;
  /** kill -9; resolves once it is gone. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Runs one command, over a connection of its own. */
  run(command: string, ...args: string[]): Promise<unknown>;
  /** Kills it and removes its files. */
  remove(): Promise<void>;
}

/** A server on a free port, not started yet. `settings` are those of redis.conf, e.g. `["--requirepass", "x"]`. */
export async function createRedisServer(settings: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "longshore-redis-"));
  const port = await findFreePort();
  let server: ChildProcess | null = null;

  const run = async (command: string, ...args: string[]): Promise<unknown> => {
    const client = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: 1, retryStrategy: () => 20 });
    client.on("error", () => undefined);
    try {
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  };
  const kill = async () => {
    const dying = server;
    server = null;
    if (dying === null || dying.exitCode !== null || dying.signalCode !== null) return;
    const gone = once(dying, "exit");
    dying.kill("SIGKILL");
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    start: async () => {
      const files = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
      const durable = [
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--maxmemory-policy",
        "noeviction",
      ];
      const started = spawn("redis-server", [...files, ...durable, ...settings], { stdio: "ignore" });
      const failure = whyNotStarted(started);
      if (started.pid !== undefined) server = started;
      await answers(() => run("PING"), failure);
    },
    kill,
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
    run,
    remove: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Aborts with the reason where the server ends, or could not be started at all. */
function whyNotStarted(server: ChildProcess): AbortSignal {
  const failure = new AbortController();
  server.once("error", (cause: NodeJS.ErrnoException) => {
    const missing = cause.code === "ENOENT";
    failure.abort(missing ? new Error(`${missingRedis.what} ${missingRedis.advice}`, { cause }) : cause);
  });
  server.once("exit", (code, signal) => {
    failure.abort(new Error(`redis-server ended with ${String(code ?? signal)} before it answered`));
  });
  return failure.signal;
}

async function answers(ping: () => Promise<unknown>, failure: AbortSignal): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      await ping();
      return;
    } catch (error) {
      // A wrong password or a full memory is an answer too.
      if (error instanceof Error && error.name === "ReplyError" && !error.message.startsWith("LOADING"))
        return;
      failure.throwIfAborted();
      if (Date.now() > deadline) throw new Error("redis-server did not start within 10 s", { cause: error });
    }
  }
}
