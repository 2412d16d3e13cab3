import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { openBullmqClients } from "./bullmq-clients.ts";
import { countdown, type QueueContender, ratePerSecond } from "./queue-contender.ts";

const removed = { removeOnComplete: true };

/** BullMQ alone, over the same backend as Longshore's queue. */
export async function openBullmq(backend: QueueBackend): Promise<QueueContender> {
  const { queue, createWorker } = openBullmqClients(backend);
  await queue.waitUntilReady();
  return {
    drain: async (count) => {
      await queue.addBulk(
        Array.from({ length: count }, (_, n) => ({ name: "noop", data: { n }, opts: removed })),
      );
      const { one, over } = countdown(count);
      const worker = createWorker(() => Promise.resolve());
      worker.on("completed", one);
      const rate = await ratePerSecond(count, () => Promise.race([over, worker.run().then(() => over)]));
      await worker.close();
      return rate;
    },
    [Symbol.asyncDispose]: () => queue.close(),
  };
}
