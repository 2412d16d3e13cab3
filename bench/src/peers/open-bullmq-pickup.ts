import type { QueueBackend } from "@longshore/shared/queue/queue-backend";
import { openBullmqClients } from "./bullmq-clients.ts";
import { countdown } from "./queue-contender.ts";

/** A consumer of BullMQ alone that waits for jobs. */
export interface BullmqPickup extends AsyncDisposable {
  /** Ms from `add` until the consumer has the job. */
  pickUp(): Promise<number>;
}

export async function openBullmqPickup(backend: QueueBackend): Promise<BullmqPickup> {
  const { queue, createWorker } = openBullmqClients(backend);
  await queue.waitUntilReady();
  let onJob = (): void => undefined;
  const worker = createWorker(() => Promise.resolve(onJob()));
  await worker.waitUntilReady();
  const running = worker.run();
  // What goes wrong shows itself by the job that never comes.
  running.catch(() => undefined);
  return {
    pickUp: async () => {
      const { one, over } = countdown(1);
      onJob = one;
      const began = performance.now();
      await queue.add("noop", {}, { removeOnComplete: true });
      await over;
      return performance.now() - began;
    },
    [Symbol.asyncDispose]: async () => {
      await worker.close();
      await queue.close();
    },
  };
}
