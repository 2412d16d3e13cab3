import { connect, createServer, type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPostgresServer, type PostgresServer } from "../../../../tests/support/postgres-server.ts";
import type { Message } from "../contracts/message.ts";
import { createLogger } from "../runtime/logger.ts";
import { createMessageConsumer } from "./create-message-consumer.ts";
import { createMessageSender } from "./create-message-sender.ts";
import { newMessage } from "./queue.testsuite.ts";

const logger = createLogger("test", "fatal");
/** PostgreSQL's messages Query and Parse: https://www.postgresql.org/docs/15/protocol-message-formats.html */
const [queryType, parseType] = [0x51, 0x50];
const backWithin = { timeout: 5_000, interval: 20 };

let postgres: PostgresServer;
let open: { close(): Promise<void> }[];

const createSender = () => {
  const sender = createMessageSender({ backend: { type: "postgres", url: postgres.url }, logger });
  open.push(sender);
  return sender;
};
const consumeInto = (taken: Message[], url = postgres.url) => {
  const consumer = createMessageConsumer({
    backend: { type: "postgres", url },
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
const took = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

beforeAll(async () => {
  postgres = await createPostgresServer();
});
afterAll(async () => {
  await postgres.remove();
});
beforeEach(() => {
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  await postgres.start();
});

describe("over a Postgres that is not well", () => {
  test("sender and consumer that never met it reject in time, and work once it is there", async () => {
    await postgres.stop();
    const sender = createSender();
    const taken: Message[] = [];
    consumeInto(taken);
    const rejects = () => expect(sender.offer(newMessage())).rejects.toMatchObject({ name: "QueueAway" });
    expect(await took(rejects)).toBeLessThan(1_200);
    expect(await took(rejects)).toBeLessThan(1_200);
    await postgres.start();
    const message = newMessage();
    await expect.poll(() => sender.offer(message).then(() => "offered", String), backWithin).toBe("offered");
    await expect.poll(() => taken, backWithin).toContainEqual(message);
  });

  test("a consumer whose first connection is dropped says that it is away, and its process goes on", async () => {
    const dropping = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.destroy());
    });
    await new Promise<void>((resolve) => dropping.listen(0, "127.0.0.1", resolve));
    const { port } = dropping.address() as AddressInfo;
    const consumer = consumeInto([], `postgres://nobody@127.0.0.1:${String(port)}/nothing`);
    await expect.poll(() => consumer.state(), backWithin).toBe("away");
    await new Promise((resolve) => dropping.close(resolve));
  });

  test("a consumer that loses its database in the midst of a query of its start says so, and its process goes on", async () => {
    const { port } = new URL(postgres.url);
    const cutting = createServer((near) => {
      const far = connect(Number(port), "127.0.0.1");
      const cut = () => {
        near.destroy();
        far.destroy();
      };
      for (const side of [near, far]) side.on("error", cut);
      far.pipe(near);
      // The first byte of a message is its type: the first query ends it.
      near.on("data", (bytes) =>
        bytes[0] === queryType || bytes[0] === parseType ? cut() : far.write(bytes),
      );
    });
    await new Promise<void>((resolve) => cutting.listen(0, "127.0.0.1", resolve));
    const url = new URL(postgres.url);
    url.port = String((cutting.address() as AddressInfo).port);
    const consumer = consumeInto([], url.href);
    await expect.poll(() => consumer.state(), backWithin).toBe("away");
    await new Promise((resolve) => cutting.close(resolve));
  });

  test("both go on by themselves after a restart", async () => {
    const sender = createSender();
    const taken: Message[] = [];
    const consumer = consumeInto(taken);
    const [first, second] = [newMessage(), newMessage()];
    await expect.poll(() => sender.offer(first).then(() => "offered", String), backWithin).toBe("offered");
    await expect.poll(() => taken, backWithin).toContainEqual(first);
    await postgres.stop();
    const rejects = () => expect(sender.offer(newMessage())).rejects.toMatchObject({ name: "QueueAway" });
    expect(await took(rejects)).toBeLessThan(1_200);
    await expect.poll(() => consumer.state(), backWithin).toBe("away");
    await postgres.start();
    await expect.poll(() => consumer.state(), backWithin).toBe("ok");
    await expect.poll(() => sender.offer(second).then(() => "offered", String), backWithin).toBe("offered");
    await expect.poll(() => taken, backWithin).toContainEqual(second);
  });

  test("both close within their bounds while it is away", async () => {
    const sender = createSender();
    const consumer = consumeInto([]);
    await expect.poll(() => sender.ping().then(() => "ok", String), backWithin).toBe("ok");
    await postgres.stop();
    expect(await took(() => sender.close())).toBeLessThan(4_000);
    expect(await took(() => consumer.close(1_000))).toBeLessThan(4_000);
  });
});
