import { randomUUID } from "node:crypto";
import { createPostgresBackend, Queue, withBackend, Worker } from "bullmq";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { consumerConcurrency } from "./queue-contender.ts";

const { Queue: PostgresQueue, Worker: PostgresWorker } = withBackend(createPostgresBackend);

/** The part of a worker that is the same over both backends. */
interface BullmqWorker extends Pick<Worker, "run" | "waitUntilReady" | "close"> {
  on(event: "completed", heard: () => void): unknown;
}

/** BullMQ alone, as its documentation shows it: a queue of its own name, and consumers that wait for `run`. */
export interface BullmqClients {
  readonly queue: Pick<Queue, "add" | "addBulk" | "waitUntilReady" | "close">;
  readonly createWorker: (process: () => Promise<void>) => BullmqWorker;
}

export function openBullmqClients(backend: QueueBackend): BullmqClients {
  const name = `bench-${randomUUID()}`;
  return backend.type === "redis" ? overRedis(backend.url, name) : overPostgres(backend.url, name);
}

function overRedis(url: string, name: string): BullmqClients {
  const { hostname: host, port } = new URL(url);
  const connection = { host, port: Number(port) };
  const options = { connection, concurrency: consumerConcurrency, autorun: false };
  return {
    queue: new Queue(name, { connection }),
    createWorker: (process) => new Worker(name, process, options),
  };
}

function overPostgres(url: string, name: string): BullmqClients {
  const connection = { connectionString: url, migrate: true };
  const options = { connection, concurrency: consumerConcurrency, autorun: false };
  return {
    queue: new PostgresQueue(name, { connection }),
    createWorker: (process) => new PostgresWorker(name, process, options),
  };
}
