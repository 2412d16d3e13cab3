import { createRedisServer } from "../../../tests/support/redis-server.ts";
import { atMost } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, happened, timeLoneJob } from "../measure/time-job.ts";
import { openBullmqPickup } from "../peers/open-bullmq-pickup.ts";
import type { Row } from "../row.ts";
import { createDatabase } from "../world/create-database.ts";

export const pickup: Row = {
  number: 8,
  name: "pickup",
  what: "from the schedule to a worker",
  method: "POST /schedule to the first event of the worker, seen by the client on /events; an idle system",
  peer: "bullmq's own pickup, from `add` to its processor",
  bar: "p50 ≤ 10 ms on Redis, ≤ 15 ms embedded",
  services: ["cold", "redis"],
  measure: async ({ service, postgresUrl, turns }) => {
    await using opened = new AsyncDisposableStack();
    const redis = await createRedisServer();
    opened.defer(() => redis.remove());
    await redis.start();
    const database = await createDatabase(postgresUrl);
    opened.defer(() => database.drop());
    const onRedis = opened.use(await openBullmqPickup({ type: "redis", url: redis.url }));
    const onPostgres = opened.use(await openBullmqPickup({ type: "postgres", url: database.url }));
    const running = async (name: "cold" | "redis") =>
      happened((await timeLoneJob(service(name), echo)).running);
    const times = await takeTurns(
      {
        redis: () => running("redis"),
        embedded: () => running("cold"),
        bullmqRedis: onRedis.pickUp,
        bullmqPostgres: onPostgres.pickUp,
      },
      turns(30, 4),
    );
    return [
      toFigure({
        ...{ name: "first event, Redis", unit: "ms", own: times.redis, bars: [atMost("p50", 10)] },
        peer: { name: "bullmq on Redis", values: times.bullmqRedis },
      }),
      toFigure({
        ...{ name: "first event, embedded", unit: "ms", own: times.embedded, bars: [atMost("p50", 15)] },
        peer: { name: "bullmq on Postgres", values: times.bullmqPostgres },
      }),
    ];
  },
};
