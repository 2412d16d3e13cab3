import { randomUUID } from "node:crypto";
import type { Message } from "@longshore/shared/contracts/message";
import { connectDatabase, type Sql } from "@longshore/shared/db/connect-database";
import { findUndelivered, markDispatched } from "@longshore/shared/db/undelivered-jobs";
import { createMessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import { createMessageSender, type MessageSender } from "@longshore/shared/queue/create-message-sender";
import { createLogger } from "@longshore/shared/runtime/logger";
import { afterEach, beforeEach, expect, test } from "vitest";
import { storeJob } from "../../../../tests/support/stored-job.ts";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/test-database.ts";
import { offerUndelivered, type OfferUndeliveredDeps } from "./offer-undelivered.ts";

const logger = createLogger("test", "fatal");
const never = new AbortController().signal;

let database: TestDatabase;
let sender: MessageSender;
let queue: { backend: { type: "postgres"; url: string }; name: string };
let closing: (() => Promise<void>)[];
beforeEach(async () => {
  database = await createTestDatabase();
  queue = { backend: { type: "postgres", url: database.url }, name: `messages-${randomUUID()}` };
  sender = createMessageSender({ ...queue, logger });
  closing = [() => sender.close()];
});
afterEach(async () => {
  for (const close of closing) await close();
  await database.remove();
});

/** The sweep as a worker has it, and what it offered. */
function sweepOn(sql: Sql, changes: Partial<OfferUndeliveredDeps> = {}) {
  const offered: string[] = [];
  const sweep = offerUndelivered({
    findUndelivered: (options) => findUndelivered(sql, options),
    offer: async (message) => {
      await sender.offer(message);
      offered.push(message.jobId);
    },
    offerAgain: async (message) => {
      await sender.offerAgain(message);
      offered.push(message.jobId);
    },
    markDispatched: (messages) => markDispatched(sql, messages),
    ...changes,
  });
  return { offered, run: () => sweep.run(never) };
}

/** Takes what is in the queue; each delivery lasts as long as `handle`. */
function consume(handle = (): Promise<void> => Promise.resolve()): string[] {
  const taken: string[] = [];
  const consumer = createMessageConsumer({
    ...{ ...queue, logger, concurrency: 4 },
    onMessage: ({ jobId }: Message) => {
      taken.push(jobId);
      return handle();
    },
  });
  consumer.start();
  closing.unshift(() => consumer.close(1_000));
  return taken;
}

const sorted = (ids: readonly string[]) => ids.toSorted((a, b) => (a < b ? -1 : 1));

test("jobs that the queue never got are offered to it once, and reach a consumer", async () => {
  const ids = [await storeJob(database.sql), await storeJob(database.sql), await storeJob(database.sql)];
  const { offered, run } = sweepOn(database.sql);
  const taken = consume();
  await run();
  await run();
  expect(sorted(offered)).toEqual(sorted(ids));
  await expect.poll(() => sorted(taken), { timeout: 10_000 }).toEqual(sorted(ids));
});

test("a message that was lost is offered again after half a minute, and not before", async () => {
  const id = await storeJob(database.sql);
  await sweepOn(database.sql).run();
  for (const [clockShift, expected] of [
    ["25 seconds", []],
    ["35 seconds", [id]],
  ] as const) {
    const later = connectDatabase({
      url: database.url,
      maxConnections: 2,
      applicationName: "later",
      clockShift,
    });
    closing.push(() => later.close());
    const { offered, run } = sweepOn(later.sql);
    await run();
    expect(offered).toEqual(expected);
  }
});

test("a job that still waits, though its message is being delivered, gets another one", async () => {
  const id = await storeJob(database.sql);
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
  // What it brings to run is another job.
  const taken = consume(() => finished);
  closing.unshift(() => Promise.resolve(finish()));
  await sweepOn(database.sql).run();
  await expect.poll(() => taken, { timeout: 10_000 }).toEqual([id]);
  const later = connectDatabase({
    ...{ url: database.url, maxConnections: 2, applicationName: "later", clockShift: "35 seconds" },
  });
  closing.push(() => later.close());
  await sweepOn(later.sql).run();
  await expect.poll(() => taken, { timeout: 10_000 }).toEqual([id, id]);
});

test("a crash between the offer and its note offers twice, and the consumer gets it once", async () => {
  const id = await storeJob(database.sql);
  const crashing = sweepOn(database.sql, { markDispatched: () => Promise.reject(new Error("killed")) });
  await expect(crashing.run()).rejects.toThrow("killed");
  const { offered, run } = sweepOn(database.sql);
  await run();
  expect(offered).toEqual([id]);
  const taken = consume();
  const witness = await storeJob(database.sql);
  await run();
  await expect.poll(() => taken, { timeout: 10_000 }).toContain(witness);
  expect(taken.filter((each) => each === id)).toHaveLength(1);
});

test("what the queue took before it went away is noted, and the rest is left for the next round", async () => {
  const ids = [await storeJob(database.sql), await storeJob(database.sql)];
  let offers = 0;
  const { run } = sweepOn(database.sql, {
    offer: () => {
      offers += 1;
      return offers === 1 ? Promise.resolve() : Promise.reject(new Error("the queue is away"));
    },
  });
  await expect(run()).rejects.toThrow("the queue is away");
  const rest = await findUndelivered(database.sql, { reofferAfterSeconds: 30, limit: 9 });
  expect(rest).toHaveLength(1);
  expect(ids).toContain(rest[0]?.message.jobId);
});
