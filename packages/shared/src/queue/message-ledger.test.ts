import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { messageId } from "../contracts/message.ts";
import { createLogger } from "../runtime/logger.ts";
import { createMessageConsumer } from "./create-message-consumer.ts";
import { createMessageLedger } from "./create-message-ledger.ts";
import { createMessageSender } from "./create-message-sender.ts";
import type { QueueBackend } from "./queue-backend.ts";

const logger = createLogger("test", "silent");
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.remove());

describe.each(["redis", "postgres"] as const)("the ledger of a queue on %s", (type) => {
  const open = () => {
    const backend: QueueBackend = { type, url: type === "redis" ? inject("redisUrl") : database.url };
    const deps = { backend, logger, name: `ledger-${randomUUID()}` };
    return { deps, sender: createMessageSender(deps), ledger: createMessageLedger(deps) };
  };

  test("tells the id of each message that is not over, page by page, with its state", async () => {
    const { deps, sender, ledger } = open();
    const held = Promise.withResolvers<void>();
    const taken = Promise.withResolvers<void>();
    const active = { jobId: randomUUID(), attempt: 2 };
    const consumer = createMessageConsumer({
      ...deps,
      concurrency: 1,
      onMessage: async () => {
        taken.resolve();
        await held.promise;
      },
    });
    try {
      await expect.poll(() => sender.ping().then(() => "ok"), { timeout: 10_000 }).toBe("ok");
      consumer.start();
      await sender.offer(active);
      await taken.promise;
      const waiting = Array.from({ length: 620 }, () => ({ jobId: randomUUID(), attempt: 1 }));
      for (const message of waiting) await sender.offer(message);
      const later = { jobId: randomUUID(), attempt: 1 };
      await sender.offer(later, 60_000);

      const found = new Map<string, string>();
      for await (const { state, ids } of ledger.pages()) for (const id of ids) found.set(id, state);
      expect(found.size).toBe(622);
      expect(found.get(messageId(active))).toBe("active");
      expect(found.get(messageId(later))).toBe("delayed");
      expect(waiting.every((message) => found.get(messageId(message)) === "wait")).toBe(true);

      expect(await ledger.isThere(later)).toBe(true);
      expect(await ledger.remove(messageId(later))).toBe(true);
      expect(await ledger.isThere(later)).toBe(false);
      expect(await ledger.isThere(active)).toBe(true);
      expect(await ledger.remove(messageId(active))).toBe(false);
      expect(await ledger.counts()).toEqual({ waiting: 620, delayed: 0, active: 1 });
    } finally {
      held.resolve();
      await Promise.all([consumer.close(), sender.close(), ledger.close()]);
    }
  }, 60_000);

  test("a message that was delivered to its end is not there any more", async () => {
    const { deps, sender, ledger } = open();
    const done = Promise.withResolvers<void>();
    const onMessage = () => Promise.resolve(done.resolve());
    const consumer = createMessageConsumer({ ...deps, concurrency: 1, onMessage });
    try {
      await expect.poll(() => sender.ping().then(() => "ok"), { timeout: 10_000 }).toBe("ok");
      const message = { jobId: randomUUID(), attempt: 1 };
      await sender.offer(message);
      consumer.start();
      await done.promise;
      await expect.poll(() => ledger.isThere(message), { timeout: 10_000 }).toBe(false);
    } finally {
      await Promise.all([consumer.close(), sender.close(), ledger.close()]);
    }
  });
});
