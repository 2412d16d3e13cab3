import { PgBoss } from "pg-boss";
import { consumerConcurrency, type QueueContender, ratePerSecond } from "./queue-contender.ts";

const queue = "noop";

/**
 * pg-boss by `fetch` and `complete`, as many jobs in a batch as the others have at once. Its own `work` waits between two
 * batches, half a second at the least: that would be what is measured.
 */
export async function openPgBoss(connectionString: string): Promise<QueueContender> {
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false });
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue(queue);
  const takeAll = async (count: number) => {
    for (let done = 0; done < count;) {
      const jobs = await boss.fetch(queue, { batchSize: consumerConcurrency });
      await boss.complete(
        queue,
        jobs.map(({ id }) => id),
      );
      done += jobs.length;
    }
  };
  return {
    drain: async (count) => {
      await boss.insert(
        queue,
        Array.from({ length: count }, (_, n) => ({ data: { n } })),
      );
      return ratePerSecond(count, () => takeAll(count));
    },
    [Symbol.asyncDispose]: () => boss.stop({ graceful: false }),
  };
}
