import { atLeast } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { acceptRate } from "../measure/accept-rate.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { openBareHono } from "../peers/open-bare-hono.ts";
import type { Row } from "../row.ts";

const bars = [atLeast("ratio", 0.5), atLeast("p50", 1_000)];

export const acceptRates: Row = {
  number: 6,
  name: "accept-rate",
  what: "jobs accepted a second",
  method:
    "POST /schedule by 50 clients on loopback, no worker; the same with an Idempotency-Key each; on Postgres and on Redis",
  peer: "a bare Hono route with one insert",
  bar: "≥ 0.5 × bare; p50 ≥ 1,000 a second",
  services: [],
  measure: async ({ open, postgresUrl, isQuick, turns }) => {
    const seconds = isQuick ? 1 : 3;
    const alone = { warm: 0, workers: 0, concurrency: 1 };
    await using embedded = await open({ ...alone, queue: "postgres" });
    await using redis = await open({ ...alone, queue: "redis" });
    await using bare = await openBareHono(postgresUrl);
    const rates = await takeTurns(
      {
        plain: () => acceptRate({ url: embedded.url, seconds }),
        keyed: () => acceptRate({ url: embedded.url, seconds, keyed: true }),
        redis: () => acceptRate({ url: redis.url, seconds }),
        bare: () => acceptRate({ url: bare.url, seconds }),
      },
      turns(6, 1),
    );
    const peer = { name: "bare Hono", values: rates.bare };
    return [
      toFigure({ name: "accepted", unit: "per second", own: rates.plain, peer, bars }),
      toFigure({ name: "accepted, with keys", unit: "per second", own: rates.keyed, peer, bars }),
      toFigure({ name: "accepted, on Redis", unit: "per second", own: rates.redis, peer, bars }),
    ];
  },
};
