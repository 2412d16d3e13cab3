import { EventEmitter } from "node:events";
import { Logger, makeWorkerUtils, run, type Runner, type WorkerEvents } from "graphile-worker";
import { consumerConcurrency, countdown, type QueueContender, ratePerSecond } from "./queue-contender.ts";

/** graphile-worker in its library mode. */
export async function openGraphileWorker(connectionString: string): Promise<QueueContender> {
  const common = { connectionString, logger: new Logger(() => () => undefined) };
  const utils = await makeWorkerUtils(common);
  await utils.migrate();
  return {
    drain: async (count) => {
      await utils.withPgClient((client) =>
        client.query("SELECT graphile_worker.add_job('noop') FROM generate_series(1, $1::integer)", [count]),
      );
      const { one, over } = countdown(count);
      const events: WorkerEvents = new EventEmitter();
      events.on("job:complete", one);
      const taskList = { noop: () => Promise.resolve() };
      const options = {
        ...common,
        taskList,
        events,
        concurrency: consumerConcurrency,
        noHandleSignals: true,
      };
      let runner: Runner | undefined;
      const rate = await ratePerSecond(count, async () => {
        runner = await run(options);
        await over;
      });
      await runner?.stop();
      return rate;
    },
    [Symbol.asyncDispose]: async () => utils.release(),
  };
}
