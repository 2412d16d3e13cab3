/** Name of the one queue: it carries Messages, and nothing else. */
export const queueName = "messages";

/** Keys in Redis begin with it. In braces, so that a Redis Cluster keeps them on one node. */
export const redisPrefix = "{longshore}";

/** Schema of the queue's tables where it lives in Postgres. */
export const postgresSchema = "bullmq";

/**
 * How a Message is kept once it was delivered, in seconds and numbers of Messages. The queue itself never tries again:
 * domain/decide-next.ts decides that.
 */
export const messageSettings = {
  attempts: 1,
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 86_400, count: 5_000 },
} as const;

/**
 * How consumers hold Messages, in milliseconds. A Message of a killed consumer is delivered again after at most
 * lockDuration + stalledInterval. BullMQ's own values make that a minute, give up for good at the second stall, and
 * wait 15 s (runRetryDelay) before they look at a queue that has come back.
 */
export const consumerSettings = {
  lockDuration: 15_000,
  stalledInterval: 5_000,
  maxStalledCount: 10,
  runRetryDelay: 1_000,
} as const;

/** Within this many milliseconds an offer has got through or failed. */
export const offerBoundMs = 1_000;

/** A command that Redis, or a query that Postgres, has not answered by then has failed, for the sender. */
export const commandBoundMs = 800;

/** Connections to Postgres of one sender or consumer. BullMQ's default is 10; a consumer has one more, for LISTEN. */
export const postgresConnections = 4;
