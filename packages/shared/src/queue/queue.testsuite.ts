import { once } from "node:events";
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../contracts/message.ts";
import { createLogger } from "../runtime/logger.ts";
import { createMessageConsumer, type MessageConsumer } from "./create-message-consumer.ts";
import { createMessageSender, type MessageSender } from "./create-message-sender.ts";
import type { QueueBackend } from "./queue-backend.ts";

/** A queue's backend as the suite needs it: one that runs, and a way to put rubbish into the queue. */
export interface TestedBackend {
  readonly backend: QueueBackend;
  addRaw(name: string, id: string, data: unknown): Promise<void>;
}

export const newMessage = (attempt = 1): Message => ({ jobId: randomUUID(), attempt });

const logger = createLogger("test", "fatal");
const soon = { timeout: 5_000, interval: 20 };
const consumerProgram = fileURLToPath(new URL("./queue.testsuite.consumer.ts", import.meta.url));

/** What every queue does, over whichever backend. */
export function describeQueue(over: string, tested: () => TestedBackend): void {
  describe(`a queue over ${over}`, () => {
    let name: string;
    let sender: MessageSender;
    let open: { close(): Promise<void> }[];

    const consume = (
      onMessage: (message: Message, signal: AbortSignal) => Promise<void>,
      concurrency = 4,
    ) => {
      const { backend } = tested();
      const consumer = createMessageConsumer({ backend, concurrency, onMessage, logger, name });
      open.push(consumer);
      consumer.start();
      return consumer;
    };
    const consumeInto = (taken: Message[]): MessageConsumer =>
      consume((message) => {
        taken.push(message);
        return Promise.resolve();
      });

    beforeEach(() => {
      name = `messages-${randomUUID()}`;
      sender = createMessageSender({ backend: tested().backend, logger, name });
      open = [sender];
    });
    afterEach(async () => {
      await Promise.all(open.map((each) => each.close()));
    });

    test("delivers each message once, with what was sent", async () => {
      const sent = Array.from({ length: 20 }, () => newMessage());
      const taken: Message[] = [];
      consumeInto(taken);
      await Promise.all(sent.map((message) => sender.offer(message)));
      await expect.poll(() => taken.length, soon).toBe(20);
      await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
      expect(new Set(taken.map((message) => message.jobId))).toEqual(new Set(sent.map(({ jobId }) => jobId)));
    });

    test("delivers each of many that are new, sent together or alone, and one that is there already stays", async () => {
      const messages = Array.from({ length: 40 }, () => newMessage());
      for (const count of [0, 1, 5, 40]) await sender.offerNew(messages.slice(0, count));
      expect(await sender.counts()).toEqual({ waiting: 40, delayed: 0, active: 0 });
      const taken: Message[] = [];
      consumeInto(taken);
      await expect.poll(() => taken.length, soon).toBe(40);
      expect(new Set(taken.map(({ jobId }) => jobId)).size).toBe(40);
    });

    test("takes a second offer of a waiting or delayed message for no offer", async () => {
      const [waiting, delayed] = [newMessage(), newMessage()];
      for (let times = 0; times < 3; times += 1) {
        await sender.offer(waiting);
        await sender.offer(delayed, 60_000);
      }
      expect(await sender.counts()).toEqual({ waiting: 1, delayed: 1, active: 0 });
    });

    test("takes a second offer of a message that is being delivered for no offer", async () => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      let calls = 0;
      consume(async () => {
        calls += 1;
        await finished;
      });
      const message = newMessage();
      await sender.offer(message);
      await expect.poll(() => calls, soon).toBe(1);
      await sender.offer(message);
      expect(await sender.counts()).toEqual({ waiting: 0, delayed: 0, active: 1 });
      finish();
      await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
      expect(calls).toBe(1);
    });

    test("takes a second message beside one that is being delivered, where it is offered again, and no third", async () => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      const taken: Message[] = [];
      consume(async (message) => {
        taken.push(message);
        await finished;
      }, 1);
      const message = newMessage();
      await sender.offerAgain(message);
      await expect.poll(() => taken.length, soon).toBe(1);
      for (let times = 0; times < 3; times += 1) await sender.offerAgain(message);
      expect(await sender.counts()).toEqual({ waiting: 1, delayed: 0, active: 1 });
      finish();
      await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
      expect(taken).toEqual([message, message]);
    });

    test("delivers a message again that is offered after its delivery", async () => {
      const taken: Message[] = [];
      consumeInto(taken);
      const message = newMessage();
      for (let times = 1; times <= 3; times += 1) {
        await sender.offer(message);
        await expect.poll(() => taken.length, soon).toBe(times);
        await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
      }
    });

    test("delivers a message again whose delivery failed, and not by itself", async () => {
      let calls = 0;
      consume(() => {
        calls += 1;
        return Promise.reject(new Error("as the test wants it"));
      });
      const message = newMessage();
      await sender.offer(message);
      await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
      await expect.poll(() => calls, soon).toBe(1);
      await sender.offer(message);
      await expect.poll(() => calls, soon).toBe(2);
    });

    test("delivers a delayed message when it is due, and not before", async () => {
      let takenAt = 0;
      consume(() => {
        takenAt = performance.now();
        return Promise.resolve();
      });
      const offeredAt = performance.now();
      await sender.offer(newMessage(), 700);
      await expect.poll(() => takenAt, soon).toBeGreaterThan(0);
      expect(takenAt - offeredAt).toBeGreaterThanOrEqual(690);
      expect(takenAt - offeredAt).toBeLessThan(2_500);
    });

    test("gives a consumer no more messages at once than its concurrency", async () => {
      let atOnce = 0;
      let most = 0;
      let handled = 0;
      consume(async () => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await new Promise((resolve) => setTimeout(resolve, 30));
        atOnce -= 1;
        handled += 1;
      }, 3);
      await Promise.all(Array.from({ length: 15 }, () => sender.offer(newMessage())));
      await expect.poll(() => handled, soon).toBe(15);
      expect(most).toBe(3);
    });

    test("shares the messages between two consumers, each to one of them", async () => {
      const [first, second]: [Message[], Message[]] = [[], []];
      const slowly = (taken: Message[]) => async (message: Message) => {
        taken.push(message);
        await new Promise((resolve) => setTimeout(resolve, 20));
      };
      consume(slowly(first), 2);
      consume(slowly(second), 2);
      await Promise.all(Array.from({ length: 40 }, () => sender.offer(newMessage())));
      await expect.poll(() => first.length + second.length, soon).toBe(40);
      await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
      expect(first.length).toBeGreaterThan(0);
      expect(second.length).toBeGreaterThan(0);
      expect(new Set([...first, ...second].map(({ jobId }) => jobId)).size).toBe(40);
    });

    test("drops what is no message, and goes on", async () => {
      for (const [index, data] of [null, "text", { jobId: "no uuid", attempt: 1 }, { jobId: 1 }].entries()) {
        await tested().addRaw(name, `rubbish-${String(index)}`, data);
      }
      const taken: Message[] = [];
      consumeInto(taken);
      const message = newMessage();
      await sender.offer(message);
      await expect.poll(() => taken, soon).toEqual([message]);
      await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 0, delayed: 0, active: 0 });
    });

    test("leaves to others what a consumer that takes no more would have got", async () => {
      const [stopped, other]: [Message[], Message[]] = [[], []];
      const consumer = consumeInto(stopped);
      await sender.offer(newMessage());
      await expect.poll(() => stopped.length, soon).toBe(1);
      await consumer.stopTaking();
      const message = newMessage();
      await sender.offer(message);
      consumeInto(other);
      await expect.poll(() => other, { timeout: 10_000, interval: 20 }).toEqual([message]);
      expect(stopped).toHaveLength(1);
    });

    test("leaves messages in the queue while its consumer is paused, and delivers them when it goes on", async () => {
      const taken: Message[] = [];
      const { backend } = tested();
      const onMessage = (message: Message) => {
        taken.push(message);
        return Promise.resolve();
      };
      const consumer = createMessageConsumer({ backend, concurrency: 4, onMessage, logger, name });
      open.push(consumer);
      await consumer.pause();
      consumer.start();
      const sent = [newMessage(), newMessage()];
      await Promise.all(sent.map((message) => sender.offer(message)));
      await expect.poll(() => consumer.state(), soon).toBe("ok");
      for (let round = 0; round < 3; round += 1) {
        await consumer.resume();
        await expect.poll(() => taken.length, soon).toBe(sent.length);
        await consumer.pause();
        await consumer.pause();
        sent.push(newMessage());
        await sender.offer(sent[sent.length - 1] ?? newMessage());
        await expect.poll(() => sender.counts(), soon).toEqual({ waiting: 1, delayed: 0, active: 0 });
      }
      const other: Message[] = [];
      consumeInto(other);
      await expect.poll(() => other, { timeout: 10_000, interval: 20 }).toEqual(sent.slice(-1));
      expect(taken).toEqual(expect.arrayContaining(sent.slice(0, -1)));
      expect(taken).toHaveLength(sent.length - 1);
    });

    test("waits, when a consumer closes, for the message in hand, and takes no other", async () => {
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      let handled = 0;
      let begun = 0;
      const consumer = consume(async () => {
        begun += 1;
        await finished;
        handled += 1;
      }, 1);
      await sender.offer(newMessage());
      await expect.poll(() => begun, soon).toBe(1);
      await sender.offer(newMessage());
      const closed = consumer.close();
      finish();
      await closed;
      expect([begun, handled]).toEqual([1, 1]);
      expect(await sender.counts()).toEqual({ waiting: 1, delayed: 0, active: 0 });
    });

    test("aborts, when a consumer closes, the message that does not end within the bound", async () => {
      let reason: unknown;
      let begun = 0;
      const consumer = consume(async (_, signal) => {
        begun += 1;
        await once(signal, "abort");
        reason = signal.reason;
      });
      await sender.offer(newMessage());
      await expect.poll(() => begun, soon).toBe(1);
      const startedAt = performance.now();
      await consumer.close(300);
      expect(performance.now() - startedAt).toBeLessThan(1_500);
      await expect.poll(() => reason, soon).toBe("the consumer was closed");
    });

    test(
      "delivers the message of a killed consumer to another within 25 s",
      { timeout: 60_000 },
      async () => {
        const victim = fork(consumerProgram, [JSON.stringify(tested().backend), name], { stdio: "inherit" });
        try {
          const message = newMessage();
          const taking = once(victim, "message");
          await sender.offer(message);
          expect((await taking)[0]).toEqual(message);
          victim.kill("SIGKILL");
          const taken: Message[] = [];
          consumeInto(taken);
          await expect.poll(() => taken, { timeout: 25_000, interval: 50 }).toEqual([message]);
        } finally {
          victim.kill("SIGKILL");
        }
      },
    );
  });
}
