import { randomUUID } from "node:crypto";
import { limitSettings, toLimitMaxima } from "@longshore/shared/config/limit-settings";
import { noTimings } from "@longshore/shared/contracts/job-view";
import { scheduleRequest } from "@longshore/shared/contracts/schedule-request";
import { connectDatabase, type Sql } from "@longshore/shared/db/connect-database";
import { createGatheredWrites, type GatheredWrites } from "@longshore/shared/db/gathered-writes";
import { insertJob } from "@longshore/shared/db/insert-job";
import { migrateDatabase } from "@longshore/shared/db/migrate";
import { markDispatched } from "@longshore/shared/db/undelivered-jobs";
import { localCaller } from "@longshore/shared/domain/access";
import { newJobId } from "@longshore/shared/domain/job-id";
import { createMessageConsumer } from "@longshore/shared/queue/create-message-consumer";
import { createMessageSender, type MessageSender } from "@longshore/shared/queue/create-message-sender";
import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { createLogger } from "@longshore/shared/runtime/logger";
import { waitUntil } from "../../../tests/chaos/trials/wait-until.ts";
import { consumerConcurrency, countdown, type QueueContender, ratePerSecond } from "./queue-contender.ts";

/** As a worker of the service has it. */
const connections = 12;
const leaseSeconds = 60;
/** Jobs that are put in at once; that is not what is timed. */
const storedAtOnce = 20;
/** A queue that is opened for the first time makes its tables, which may take longer than an offer may. */
const offered = { what: "the queue takes a message", boundMs: 60_000, everyMs: 100 };

/**
 * Longshore's own queue, with all that a Job costs beside its Sandbox: its Message, the Lease, the settled end and the
 * terminal write with its Events, each fenced. There are no Sandboxes.
 */
export async function openLeaseQueue(
  backend: QueueBackend,
  databaseUrl: string,
  stop: AbortSignal,
): Promise<QueueContender> {
  await migrateDatabase(databaseUrl);
  const database = connectDatabase({
    url: databaseUrl,
    maxConnections: connections,
    applicationName: "longshore-bench",
  });
  const { sql } = database;
  const logger = createLogger("bench", "error");
  const sender = createMessageSender({ backend, logger });
  const store = () => storeJob(sql, sender, stop);
  return {
    drain: async (count) => {
      for (let stored = 0; stored < count; stored += storedAtOnce)
        await Promise.all(Array.from({ length: Math.min(storedAtOnce, count - stored) }, store));
      const { one, over } = countdown(count);
      const owner = randomUUID();
      const engineId = () => Promise.resolve(null);
      const writes = createGatheredWrites({ sql, owner, leaseSeconds, engineId });
      const onMessage = async () => {
        if (await carryOutNothing(writes, owner)) one();
      };
      const consumer = createMessageConsumer({
        backend,
        logger,
        concurrency: consumerConcurrency,
        onMessage,
      });
      const rate = await ratePerSecond(count, () => {
        consumer.start();
        return over;
      });
      await consumer.close();
      return rate;
    },
    [Symbol.asyncDispose]: async () => {
      await sender.close();
      await database.close();
    },
  };
}

/** Stores a Job and has its Message taken by the queue; what is not taken in time is offered again, as the service does. */
async function storeJob(sql: Sql, sender: MessageSender, stop: AbortSignal): Promise<void> {
  const jobId = newJobId();
  await insertJob(sql, { id: jobId, request: noop, caller: localCaller, idempotency: null });
  const offer = () =>
    sender.offer({ jobId, attempt: 1 }).then(
      () => true,
      () => null,
    );
  await waitUntil(offer, { ...offered, stop });
  await markDispatched(sql, [{ jobId, attempt: 1 }]);
}

const { secrets: _, ...noop } = scheduleRequest(toLimitMaxima(limitSettings.parse({}))).parse({
  steps: [{ kind: "shell", command: "true" }],
});
const archive = { key: "none.zip", bytes: 1, sha256: "ab".repeat(32), outputFiles: 0, outputBytes: 0 };

/** Takes the Lease of the Attempt that is next, and ends its Job. False where none is due. */
async function carryOutNothing(writes: GatheredWrites, owner: string): Promise<boolean> {
  const row = await writes.takeNext();
  if (row === null) return false;
  const fence = { jobId: row.id, attempt: row.attempt, owner, epoch: row.leaseEpoch };
  const settled = await writes.settle({ fence, end: { status: "succeeded", failure: null } });
  if (!settled.ok) throw new Error(settled.failure);
  const { finishedAt } = settled.value;
  const ended = await writes.end({
    fence,
    end: {
      ...{ status: "succeeded", failure: null, plan: null, timings: noTimings, retentionDays: 7 },
      ...{ archive, finishedAt },
    },
  });
  if (!ended.ok) throw new Error(ended.failure);
  return true;
}
