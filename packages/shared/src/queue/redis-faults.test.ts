import { execFile } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createServer } from "node:net";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Writable } from "node:stream";
import { createRedisServer, type RedisServer } from "../../../../tests/support/redis-server.ts";
import type { Message } from "../contracts/message.ts";
import { createLogger } from "../runtime/logger.ts";
import { createMessageConsumer } from "./create-message-consumer.ts";
import { createMessageSender, type MessageSender } from "./create-message-sender.ts";
import { newMessage } from "./queue.testsuite.ts";

const run = promisify(execFile);
const offerBoundMs = 1_200;
const backWithin = { timeout: 5_000, interval: 20 };

let redis: RedisServer;
let open: { close(): Promise<void> }[];
let lines: { level: string; msg: string; faults?: string[] }[];

const logger = createLogger(
  "test",
  "info",
  new Writable({
    write: (chunk: Buffer, _, done) => {
      // safety: pino writes one JSON object a line.
      lines.push(JSON.parse(chunk.toString()) as (typeof lines)[number]);
      done();
    },
  }),
);

const createSender = (): MessageSender => {
  const sender = createMessageSender({ backend: { type: "redis", url: redis.url }, logger });
  open.push(sender);
  return sender;
};
const consumeInto = (taken: Message[]) => {
  const consumer = createMessageConsumer({
    backend: { type: "redis", url: redis.url },
    concurrency: 4,
    logger,
    onMessage: (message) => {
      taken.push(message);
      return Promise.resolve();
    },
  });
  open.push(consumer);
  consumer.start();
  return consumer;
};
const timed = async (work: () => Promise<unknown>): Promise<{ ms: number; error: unknown }> => {
  const startedAt = performance.now();
  let error: unknown = null;
  try {
    await work();
  } catch (caught) {
    error = caught;
  }
  return { ms: performance.now() - startedAt, error };
};
const eventually = async (sender: MessageSender, message: Message) => {
  await expect.poll(() => sender.offer(message).then(() => "offered", String), backWithin).toBe("offered");
};

beforeEach(() => {
  open = [];
  lines = [];
});
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  await redis.remove();
});

describe("over a Redis that is not well", () => {
  test("a sender that never met its Redis rejects in time, and works once it is there", async () => {
    redis = await createRedisServer();
    const sender = createSender();
    const { ms, error } = await timed(() => sender.offer(newMessage()));
    expect(error).toMatchObject({ name: "QueueAway", message: "the queue cannot be reached" });
    expect(ms).toBeLessThan(offerBoundMs);
    const taken: Message[] = [];
    consumeInto(taken);
    await redis.start();
    const message = newMessage();
    await eventually(sender, message);
    await expect.poll(() => taken, backWithin).toContainEqual(message);
  });

  test("offers fail at once while it is dead, and a consumer goes on by itself within 5 s of its return", async () => {
    redis = await createRedisServer();
    await redis.start();
    const sender = createSender();
    const taken: Message[] = [];
    consumeInto(taken);
    const [first, second] = [newMessage(), newMessage()];
    await sender.offer(first);
    await expect.poll(() => taken, backWithin).toEqual([first]);
    await redis.kill();
    const times: number[] = [];
    for (let count = 0; count < 200; count += 1) {
      const { ms, error } = await timed(() => sender.offer(newMessage()));
      expect(error).toMatchObject({ name: "QueueAway" });
      times.push(ms);
    }
    expect(Math.max(...times.slice(1))).toBeLessThan(100);
    const together = [newMessage(), newMessage()];
    await expect(sender.offerNew(together)).rejects.toMatchObject({ name: "QueueAway" });
    await redis.start();
    await eventually(sender, second);
    await expect.poll(() => taken, backWithin).toContainEqual(second);
    expect(lines.filter(({ msg }) => msg === "the queue is away")).toHaveLength(2);
    expect(lines.filter(({ msg }) => msg === "the queue is back")).toHaveLength(2);
  });

  test("an offer to a frozen Redis rejects in time, the next ones at once, and all is well when it thaws", async () => {
    redis = await createRedisServer();
    await redis.start();
    const sender = createSender();
    await sender.ping();
    redis.freeze();
    const { ms, error } = await timed(() => sender.offer(newMessage()));
    expect(error).toMatchObject({ name: "QueueAway", message: "the queue did not answer in time" });
    expect(ms).toBeLessThan(offerBoundMs);
    expect((await timed(() => sender.offer(newMessage()))).ms).toBeLessThan(50);
    expect(sender.state()).toBe("away");
    redis.thaw();
    await eventually(sender, newMessage());
    expect(sender.state()).toBe("ok");
  });

  test("what it forgot is delivered once it is offered again", async () => {
    redis = await createRedisServer();
    await redis.start();
    const sender = createSender();
    const messages = [newMessage(), newMessage()];
    for (const message of messages) await sender.offer(message);
    await redis.run("FLUSHALL");
    const taken: Message[] = [];
    consumeInto(taken);
    await expect.poll(() => sender.counts(), backWithin).toEqual({ waiting: 0, delayed: 0, active: 0 });
    for (const message of messages) await sender.offer(message);
    await expect.poll(() => taken, backWithin).toEqual(messages);
  });

  test("a consumer whose message was forgotten hears of it by its signal", async () => {
    redis = await createRedisServer();
    await redis.start();
    const sender = createSender();
    const aborted: boolean[] = [];
    const consumer = createMessageConsumer({
      backend: { type: "redis", url: redis.url },
      concurrency: 1,
      logger,
      onMessage: (_, signal) => {
        aborted.push(signal.aborted);
        return new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            aborted.push(signal.aborted);
            resolve();
          });
        });
      },
    });
    open.push(consumer);
    consumer.start();
    await sender.offer(newMessage());
    await expect.poll(() => aborted, backWithin).toEqual([false]);
    await redis.run("FLUSHALL");
    await expect.poll(() => aborted, { timeout: 15_000, interval: 50 }).toEqual([false, true]);
  });

  test("sender and consumer close within their bounds while it is dead or frozen", async () => {
    redis = await createRedisServer();
    await redis.start();
    for (const fault of [() => redis.kill(), () => Promise.resolve(redis.freeze())]) {
      const sender = createSender();
      const taken: Message[] = [];
      const consumer = consumeInto(taken);
      await sender.offer(newMessage());
      await expect.poll(() => taken.length, backWithin).toBe(1);
      await fault();
      expect((await timed(() => sender.close())).ms).toBeLessThan(4_000);
      expect((await timed(() => consumer.close(1_000))).ms).toBeLessThan(4_000);
      await redis.kill();
      await redis.start();
    }
  });

  test("a consumer that never met it closes within its bound", async () => {
    redis = await createRedisServer();
    const consumer = consumeInto([]);
    expect((await timed(() => consumer.close(1_000))).ms).toBeLessThan(4_000);
  });

  test.each(["redis", "postgres"])(
    "a program that closed both over %s that is away comes to its end",
    async (type) => {
      redis = await createRedisServer();
      const url = `${type}://nobody:nothing@127.0.0.1:${String(redis.port)}/0`;
      const module = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
      const program = `
      import { createLogger } from ${module("../runtime/logger.ts")};
      import { createMessageConsumer } from ${module("./create-message-consumer.ts")};
      import { createMessageSender } from ${module("./create-message-sender.ts")};
      const deps = { backend: ${JSON.stringify({ type, url })}, logger: createLogger("test", "fatal") };
      const sender = createMessageSender(deps);
      const consumer = createMessageConsumer({ ...deps, concurrency: 1, onMessage: async () => {} });
      consumer.start();
      await sender.ping().catch(() => undefined);
      await Promise.all([sender.close(), consumer.close(1_000)]);`;
      await run(process.execPath, ["--input-type=module", "--eval", program], { timeout: 15_000 });
    },
  );

  test("a Redis without memory is named, and offers go on when it has some", async () => {
    redis = await createRedisServer();
    await redis.start();
    const sender = createSender();
    await sender.ping();
    await redis.run("CONFIG", "SET", "maxmemory", "1");
    await expect(sender.ping()).rejects.toMatchObject({ message: "Redis is out of memory" });
    await expect(sender.offer(newMessage())).rejects.toMatchObject({ message: "Redis is out of memory" });
    await redis.run("CONFIG", "SET", "maxmemory", "0");
    await sender.offer(newMessage());
  });

  test("a read-only replica is named", async () => {
    redis = await createRedisServer();
    await redis.start();
    const sender = createSender();
    await sender.ping();
    await redis.run("REPLICAOF", "127.0.0.1", "1");
    await expect(sender.ping()).rejects.toMatchObject({ message: "Redis is a read-only replica" });
    await expect(sender.offer(newMessage())).rejects.toMatchObject({
      message: "Redis is a read-only replica",
    });
    await redis.run("REPLICAOF", "NO", "ONE");
    await eventually(sender, newMessage());
  });

  test("a Redis that asks for a password is named, and works once it asks for none", async () => {
    redis = await createRedisServer();
    await redis.start();
    await redis.run("CONFIG", "SET", "requirepass", "secret");
    const sender = createSender();
    const taken: Message[] = [];
    consumeInto(taken);
    await expect(sender.ping()).rejects.toMatchObject({ message: "Redis refuses the password" });
    const operator = new Redis(redis.port, "127.0.0.1", { password: "secret" });
    await operator.config("SET", "requirepass", "");
    operator.disconnect();
    const message = newMessage();
    await eventually(sender, message);
    await expect.poll(() => taken, backWithin).toEqual([message]);
  });

  test("a server that takes connections and says nothing is given up in time", async () => {
    redis = await createRedisServer();
    const mute = createServer().listen(redis.port, "127.0.0.1");
    await once(mute, "listening");
    const sender = createSender();
    for (let count = 0; count < 3; count += 1) {
      const { ms, error } = await timed(() => sender.offer(newMessage()));
      expect(error).toMatchObject({ name: "QueueAway" });
      expect(ms).toBeLessThan(offerBoundMs);
    }
    expect((await timed(() => sender.close())).ms).toBeLessThan(4_000);
    mute.close();
  });

  test("settings of Redis that lose messages are told once", async () => {
    redis = await createRedisServer(["--appendonly", "no", "--maxmemory-policy", "allkeys-lru"]);
    await redis.start();
    const sender = createSender();
    await sender.ping();
    await expect
      .poll(() => lines.filter(({ msg }) => msg.includes("not set up for a queue")), backWithin)
      .toHaveLength(1);
    const faults = lines.find(({ msg }) => msg.includes("not set up"))?.faults?.join("\n");
    expect(faults).toContain("maxmemory-policy is allkeys-lru");
    expect(faults).toContain("appendonly is off");
  });
});
