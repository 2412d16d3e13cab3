import type { Bench } from "../bench.ts";
import { atLeast, atMost } from "../figures/bar.ts";
import { type Figure, toFigure } from "../figures/figure.ts";
import { acceptRate } from "../measure/accept-rate.ts";
import { storeJobs } from "../measure/store-jobs.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, happened, type JobTimes, timeLoneJob } from "../measure/time-job.ts";
import type { Row } from "../row.ts";
import type { Service } from "../world/open-service.ts";

const alone = { queue: "postgres", warm: 0, workers: 1, concurrency: 4 } as const;
const mostTimes = 1.2;

/** Rows 5, 8 and 6 on a service that has grown, beside one of a single worker that has no Jobs. */
async function compare(bench: Bench, name: string, grown: Service): Promise<readonly Figure[]> {
  const { turns, open, isQuick } = bench;
  const seconds = isQuick ? 1 : 2;
  await using empty = await open(alone);
  const jobs = await takeTurns(
    { grown: () => timeLoneJob(grown, echo), empty: () => timeLoneJob(empty, echo) },
    turns(8, 2),
  );
  // What is accepted from here on is not to be run: it would take the machine for itself.
  await Promise.all([grown.stopWorkers(), empty.stopWorkers()]);
  const rates = await takeTurns(
    {
      grown: () => acceptRate({ url: grown.url, seconds }),
      empty: () => acceptRate({ url: empty.url, seconds }),
    },
    turns(3, 1),
  );
  const timed = (what: string, ms: (times: JobTimes) => number) =>
    toFigure({
      ...{
        name: `${name}: ${what}`,
        unit: "ms",
        own: jobs.grown.map(ms),
        bars: [atMost("ratio", mostTimes)],
      },
      peer: { name: "without", values: jobs.empty.map(ms) },
    });
  return [
    timed("whole job", ({ ended }) => ended),
    timed("pickup", ({ running }) => happened(running)),
    toFigure({
      ...{ name: `${name}: accepted`, unit: "per second", own: rates.grown },
      ...{ bars: [atLeast("ratio", 1 / mostTimes)], peer: { name: "without", values: rates.empty } },
    }),
  ];
}

async function withJobs(bench: Bench, count: number): Promise<readonly Figure[]> {
  await using grown = await bench.open(alone);
  await storeJobs(grown.databaseUrl, count);
  // Awaited here: the service is closed when this function returns.
  return await compare(bench, `${count.toLocaleString("en")} jobs`, grown);
}

async function withWorkers(bench: Bench, workers: number): Promise<readonly Figure[]> {
  await using grown = await bench.open({ ...alone, workers });
  return await compare(bench, `${String(workers)} workers`, grown);
}

export const growth: Row = {
  number: 13,
  name: "growth",
  what: "with a history, and with more workers",
  method: "rows 5, 8 and 6 with 10,000 and (not with --quick) 1,000,000 ended jobs, and with 8 workers",
  peer: "itself without, in turn",
  bar: "≤ 1.2 ×",
  services: [],
  measure: async (bench) => [
    ...(await withJobs(bench, 10_000)),
    ...(bench.isQuick ? [] : await withJobs(bench, 1_000_000)),
    ...(await withWorkers(bench, 8)),
  ],
};
