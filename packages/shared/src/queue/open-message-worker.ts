import { createPostgresBackend, WaitingError, withBackend, Worker } from "bullmq";
import type { Job, Processor } from "bullmq";
import type { Logger } from "../runtime/logger.ts";
import { keepOpen } from "./keep-open.ts";
import type { QueueWatch } from "./message-queue.ts";
import { postgresConnection } from "./postgres-connection.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { consumerSettings, redisPrefix } from "./queue-settings.ts";
import { createConsumerClients, type RedisClients } from "./redis-clients.ts";
import { type WatchedWorker, watchWorker } from "./watch-worker.ts";

const { Worker: PostgresWorker } = withBackend(createPostgresBackend);

/** What to do with the payload of a Message; `give_back` puts it back for another consumer. */
export type Deliver = (payload: unknown, signal: AbortSignal) => Promise<"done" | "give_back">;

/** A consumer's side of the open queue. */
export interface MessageWorker {
  /** Takes no more Messages, except one that it was just about to take. */
  pause(): Promise<void>;
  /** Takes Messages again after `pause`, once the queue is there. May hang where it is away. */
  resume(): Promise<void>;
  /** Waits for the deliveries under way, then closes the connections. May hang where the queue is away. */
  close(): Promise<void>;
  /** Drops the connections, deliveries under way or not. */
  abandon(): void;
}

const connectBoundMs = 5_000;

type AnyWorker = Pick<
  Worker,
  "pause" | "resume" | "close" | "waitUntilReady" | "run" | "emit" | "cancelJob"
> &
  Pick<WatchedWorker, "on">;

/** Opens the queue for taking Messages, and begins to take them, `concurrency` at once. */
export function openMessageWorker(
  backend: QueueBackend,
  options: { readonly name: string; readonly concurrency: number },
  deliver: Deliver,
  watch: QueueWatch,
  logger: Logger,
): MessageWorker {
  const clients = backend.type === "redis" ? createConsumerClients(backend.url, watch) : null;
  const connect = clients === null ? overPostgres(backend.url) : overRedis(clients);
  const settings = { ...consumerSettings, concurrency: options.concurrency };
  let pausing = false;
  const kept = keepOpen(() => {
    const { worker, probe } = connect(options.name, toProcessor(deliver), settings);
    const unwatch = watchWorker(
      {
        on: worker.on.bind(worker),
        cancelJob: (id, reason) => worker.cancelJob(id, reason),
        probe,
      },
      watch,
      logger,
    );
    if (pausing) worker.pause(true).catch(watch.onAway);
    return {
      worker,
      ready: runWhenReady(worker),
      close: async () => {
        unwatch();
        await worker.close();
      },
    };
  }, watch);
  return {
    pause: async () => {
      pausing = true;
      await kept.current().worker.pause(true);
    },
    resume: async () => {
      pausing = false;
      const { worker, ready } = kept.current();
      // Before that it would run: see runWhenReady.
      await ready;
      if (!pausing) await worker.resume();
    },
    close: kept.close,
    abandon: () => clients?.disconnect(),
  };
}

/**
 * Gives when the queue is ready; only then messages are taken. BullMQ 6.7 keeps the failure of its first connection, and
 * a Worker that runs on it asks again without a pause: no timer of the process fires any more.
 */
async function runWhenReady(worker: AnyWorker): Promise<void> {
  await worker.waitUntilReady();
  worker
    .run()
    .catch((error: unknown) =>
      worker.emit("error", error instanceof Error ? error : new Error(String(error))),
    );
}

type Connect = (
  name: string,
  process: Processor,
  settings: typeof consumerSettings & { readonly concurrency: number },
) => { readonly worker: AnyWorker; readonly probe: () => Promise<unknown> };

function overRedis({ main }: RedisClients): Connect {
  return (name, process, settings) => ({
    worker: new Worker(name, process, { ...settings, autorun: false, connection: main, prefix: redisPrefix }),
    // A write, because a full or read-only Redis answers PING as ever; and none that would wait in the client meanwhile.
    probe: () =>
      main.status === "ready"
        ? main.set(`${redisPrefix}:probe`, "", "PX", 60_000)
        : Promise.reject(new Error("Connection is closed.")),
  });
}

function overPostgres(url: string): Connect {
  return (name, process, settings) => {
    const connection = postgresConnection(url, connectBoundMs);
    const worker = new PostgresWorker(name, process, { ...settings, autorun: false, connection });
    return { worker, probe: () => worker.getBackend().isMaxed() };
  };
}

function toProcessor(deliver: Deliver): Processor {
  // Three parameters: BullMQ gives the signal only to a function that declares so many.
  return async (job: Job, token: string | undefined, signal: AbortSignal | undefined) => {
    const outcome = await deliver(job.data, signal ?? new AbortController().signal);
    if (outcome === "done") return;
    await job.moveToWait(token);
    throw new WaitingError();
  };
}
