import { createPostgresBackend, Queue, withBackend } from "bullmq";
import type { Message } from "../contracts/message.ts";
import type { Logger } from "../runtime/logger.ts";
import { checkRedis } from "./check-redis.ts";
import { keepOpen } from "./keep-open.ts";
import type { MessageQueue, MessageState, QueueEntry, QueueWatch } from "./message-queue.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { commandBoundMs, messageSettings, redisPrefix } from "./queue-settings.ts";
import { postgresConnection } from "./postgres-connection.ts";
import { createSenderClients } from "./redis-clients.ts";

const { Queue: PostgresQueue } = withBackend(createPostgresBackend);

/** The part of BullMQ's Queue that is the same over both backends. */
type AnyQueue = Pick<
  Queue<Message>,
  "add" | "addBulk" | "getJobState" | "remove" | "getJobCounts" | "getRanges"
>;

/** Opens the queue for sending. Connects by itself, and again whenever it lost the connection. */
export function openMessageQueue(
  backend: QueueBackend,
  name: string,
  watch: QueueWatch,
  logger: Logger,
): MessageQueue {
  return backend.type === "redis"
    ? openOverRedis(backend.url, name, watch, logger)
    : openOverPostgres(backend.url, name, watch);
}

function openOverRedis(url: string, name: string, watch: QueueWatch, logger: Logger): MessageQueue {
  const clients = createSenderClients(url, watch);
  const { main } = clients;
  main.once("ready", () => void checkRedis(main, logger));
  const queue = new Queue<Message>(name, {
    connection: main,
    prefix: redisPrefix,
    // Else a Redis that is away, or slow to say its version, makes the queue useless for good.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  });
  // It repeats what `watch` hears from the client itself.
  queue.on("error", () => undefined);
  return {
    ...toMessageQueue(() => queue, 2),
    // A write, because a full or read-only Redis answers PING as ever.
    probe: async () => void (await main.set(`${redisPrefix}:probe`, "", "PX", 60_000)),
    close: () => queue.close(),
    abandon: clients.disconnect,
  };
}

function openOverPostgres(url: string, name: string, watch: QueueWatch): MessageQueue {
  const kept = keepOpen(() => {
    const connection = postgresConnection(url, commandBoundMs);
    const queue = new PostgresQueue<Message>(name, { connection, skipMetasUpdate: true });
    queue.on("error", watch.onAway);
    return { queue, ready: queue.waitUntilReady(), close: () => queue.close() };
  }, watch);
  const messages = toMessageQueue(() => kept.current().queue, postgresBulkFrom);
  return {
    ...messages,
    probe: async () => void (await messages.counts()),
    close: kept.close,
    // pg closes its sockets in `close` at once; what hangs is only the server's goodbye.
    abandon: () => undefined,
  };
}

/**
 * BullMQ's bulk (6.7, `add_jobs_bulk`) makes two temporary tables in Postgres: for fewer than so many Messages that costs
 * its server more than to add each of them (measured: 10 ms, and 0.1 ms for each; 0.7 ms for each alone).
 */
const postgresBulkFrom = 16;

const toBulkJob = ({ id, message }: QueueEntry) => ({
  ...{ name: "message", data: message },
  opts: { ...messageSettings, jobId: id, delay: 0 },
});

function toMessageState(state: Awaited<ReturnType<AnyQueue["getJobState"]>>): MessageState {
  if (state === "completed" || state === "failed") return "over";
  if (state === "active") return "is_delivered";
  return state === "unknown" ? "unknown" : "waits";
}

function toMessageQueue(
  queue: () => AnyQueue,
  bulkFrom: number,
): Pick<MessageQueue, "add" | "addAll" | "stateOf" | "ids" | "removeId" | "counts"> {
  const add: MessageQueue["add"] = async (id, message, delayMs) => {
    await queue().add("message", message, { ...messageSettings, jobId: id, delay: delayMs });
  };
  return {
    add,
    addAll: async (entries) => {
      if (entries.length >= bulkFrom) await queue().addBulk(entries.map(toBulkJob));
      else await Promise.all(entries.map(({ id, message }) => add(id, message, 0)));
    },
    stateOf: async (id) => toMessageState(await queue().getJobState(id)),
    ids: (state, first, count) => queue().getRanges([state], first, first + count - 1, true),
    removeId: async (id) => (await queue().remove(id)) === 1,
    counts: async () => {
      const counts = await queue().getJobCounts("waiting", "delayed", "active");
      return {
        waiting: counts["waiting"] ?? 0,
        delayed: counts["delayed"] ?? 0,
        active: counts["active"] ?? 0,
      };
    },
  };
}
