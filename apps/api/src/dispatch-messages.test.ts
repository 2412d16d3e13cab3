import type { Message } from "@longshore/shared/contracts/message";
import { createLogger } from "@longshore/shared/runtime/logger";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createMessageDispatcher } from "./dispatch-messages.ts";

const setUp = () => {
  const lines: string[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const marked: Message[] = [];
  const offered: number[] = [];
  let away = false;
  const dispatcher = createMessageDispatcher({
    offerNew: (messages) => {
      offered.push(messages.length);
      return away ? Promise.reject(new Error("the queue cannot be reached")) : Promise.resolve();
    },
    markDispatched: (messages) => {
      marked.push(...messages);
      return Promise.resolve();
    },
    logger: createLogger("api", "info", destination),
  });
  return { dispatcher, lines, marked, offered, setAway: (now: boolean) => void (away = now) };
};

const message = { jobId: "0198c5a0-7b4e-7c3a-9b1e-3f2d1c0b9a87", attempt: 1 };

test("a message that the queue took is marked as dispatched", async () => {
  const { dispatcher, marked } = setUp();
  dispatcher.dispatch(message);
  await dispatcher.settle();
  expect(marked).toEqual([message]);
});

test("messages that come while one is being offered are offered together, and each is marked", async () => {
  const { dispatcher, marked, offered } = setUp();
  for (let count = 0; count < 250; count += 1) dispatcher.dispatch(message);
  await dispatcher.settle();
  expect(offered).toEqual([1, 100, 100, 49]);
  expect(marked).toHaveLength(250);
});

test("a queue that is away is told once, and its return once", async () => {
  const { dispatcher, lines, marked, setAway } = setUp();
  for (const away of [true, true, true, false, false]) {
    setAway(away);
    dispatcher.dispatch(message);
    await dispatcher.settle();
  }
  expect(marked).toHaveLength(2);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("the queue cannot be reached");
  expect(lines[1]).toContain("messages reach the queue again");
});
