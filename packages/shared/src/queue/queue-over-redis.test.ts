import { Queue } from "bullmq";
import { afterAll, beforeAll } from "vitest";
import { createRedisServer, type RedisServer } from "../../../../tests/support/redis-server.ts";
import { describeQueue } from "./queue.testsuite.ts";
import { redisPrefix } from "./queue-settings.ts";

let redis: RedisServer;

beforeAll(async () => {
  redis = await createRedisServer();
  await redis.start();
});
afterAll(async () => {
  await redis.remove();
});

describeQueue("Redis", () => ({
  backend: { type: "redis", url: redis.url },
  addRaw: async (name, id, data) => {
    const queue = new Queue<unknown>(name, { connection: { url: redis.url }, prefix: redisPrefix });
    await queue.add("message", data, { jobId: id });
    await queue.close();
  },
}));
