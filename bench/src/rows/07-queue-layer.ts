import { atLeast } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { createRedisServer } from "../../../tests/support/redis-server.ts";
import { openBullmq } from "../peers/open-bullmq.ts";
import { openGraphileWorker } from "../peers/open-graphile-worker.ts";
import { openLeaseQueue } from "../peers/open-lease-queue.ts";
import { openPgBoss } from "../peers/open-pg-boss.ts";
import type { Row } from "../row.ts";
import { createDatabase } from "../world/create-database.ts";

export const queueLayer: Row = {
  number: 7,
  name: "queue-layer",
  what: "jobs without a sandbox a second",
  method: "no-op jobs through message, lease, fence and terminal write, one consumer, 16 at once",
  peer: "bullmq alone on both backends, graphile-worker, pg-boss",
  bar: "≥ 0.5 × bullmq on Redis",
  services: [],
  measure: async ({ postgresUrl, isQuick, stop, turns }) => {
    await using opened = new AsyncDisposableStack();
    const newDatabase = async () => {
      const database = await createDatabase(postgresUrl);
      opened.defer(() => database.drop());
      return database.url;
    };
    const redis = await createRedisServer();
    opened.defer(() => redis.remove());
    await redis.start();
    const onRedis = { type: "redis", url: redis.url } as const;
    const [own, peers] = [await newDatabase(), await newDatabase()];
    const onPostgres = { type: "postgres", url: own } as const;
    const contenders = {
      redis: opened.use(await openLeaseQueue(onRedis, await newDatabase(), stop)),
      postgres: opened.use(await openLeaseQueue(onPostgres, own, stop)),
      bullmqRedis: opened.use(await openBullmq(onRedis)),
      bullmqPostgres: opened.use(await openBullmq({ type: "postgres", url: peers })),
      graphile: opened.use(await openGraphileWorker(peers)),
      pgBoss: opened.use(await openPgBoss(peers)),
    };
    const count = isQuick ? 300 : 1_000;
    const drains = Object.entries(contenders).map(([name, each]) => [name, () => each.drain(count)] as const);
    // safety: the names are those of the contenders.
    const byName = Object.fromEntries(drains) as Record<keyof typeof contenders, () => Promise<number>>;
    const rates = await takeTurns(byName, turns(6, 1));
    const bullmq = { name: "bullmq on Redis", values: rates.bullmqRedis };
    const figure = (
      name: string,
      own: readonly number[],
      peer: typeof bullmq,
      bars = [atLeast("ratio", 0.5)],
    ) => toFigure({ name, unit: "per second", own, peer, bars });
    return [
      figure("on Redis", rates.redis, bullmq),
      figure("on Postgres", rates.postgres, bullmq),
      figure("on Postgres", rates.postgres, { name: "bullmq on Postgres", values: rates.bullmqPostgres }, []),
      figure("on Postgres", rates.postgres, { name: "graphile-worker", values: rates.graphile }, []),
      figure("on Postgres", rates.postgres, { name: "pg-boss", values: rates.pgBoss }, []),
    ];
  },
};
