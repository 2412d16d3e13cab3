import { Redis, type RedisOptions } from "ioredis";
import type { QueueWatch } from "./message-queue.ts";
import { commandBoundMs, offerBoundMs } from "./queue-settings.ts";

/** A Redis client and whatever copies BullMQ makes of it: who opened the one can drop them all. */
export interface RedisClients {
  readonly main: Redis;
  /** Drops every connection at once, and tries no more. */
  disconnect(): void;
}

const common = {
  // What BullMQ 6 was written against; ioredis 6 speaks RESP3 unless told otherwise.
  protocol: 2,
  // Doubles to a second: after 15 s away it is back within one, where BullMQ's own waits up to 20.
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 10), 1_000),
  connectTimeout: offerBoundMs,
  keepAlive: 10_000,
} as const satisfies RedisOptions;

/** For a sender: what cannot be sent now fails now. */
export function createSenderClients(url: string, watch: QueueWatch): RedisClients {
  const options = { enableOfflineQueue: false, commandTimeout: commandBoundMs, maxRetriesPerRequest: 0 };
  return createClients(url, { ...common, ...options, autoResendUnfulfilledCommands: false }, watch);
}

/** For a consumer: its commands wait for Redis to come back, however long that takes. */
export function createConsumerClients(url: string, watch: QueueWatch): RedisClients {
  // Longer than any blocking wait of BullMQ (10 s): a connection that says nothing for so long is dead.
  return createClients(url, { ...common, maxRetriesPerRequest: null, socketTimeout: 20_000 }, watch);
}

function createClients(
  url: string,
  options: Omit<RedisOptions, "replyMapping">,
  watch: QueueWatch,
): RedisClients {
  const main = new Redis(url, options);
  const all = [main];
  main.on("ready", watch.onReady);
  main.on("error", watch.onAway);
  main.on("close", () => watch.onAway(new Error("Connection is closed.")));
  const duplicate = main.duplicate.bind(main);
  main.duplicate = (override) => {
    const copy = duplicate(override);
    // Without a listener ioredis writes each failed try to the console; BullMQ adds its own only later.
    copy.on("error", () => undefined);
    all.push(copy);
    return copy;
  };
  return { main, disconnect: () => all.forEach(drop) };
}

function drop(client: Redis): void {
  const parked = client.status === "reconnecting";
  client.disconnect();
  // Between two tries ioredis has no socket whose end it could tell of, and BullMQ waits for that end for ever, its
  // timers running.
  if (parked) client.emit("end");
}
