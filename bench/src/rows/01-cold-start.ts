import { atMost } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, happened, timeLoneJob } from "../measure/time-job.ts";
import type { Row } from "../row.ts";

export const coldStart: Row = {
  number: 1,
  name: "cold-start",
  what: "time to interactive, cold",
  method:
    "POST /schedule of one echo to its line on /events, the sandbox started from nothing, the image there",
  peer: "docker run --network none IMAGE true",
  bar: "≤ 1.25 × plain; p50 ≤ 220 ms",
  services: ["cold"],
  measure: async ({ service, engine, turns }) => {
    const times = await takeTurns(
      {
        longshore: async () => happened((await timeLoneJob(service("cold"), echo)).firstLine),
        plain: () => engine.runAlone(["true"]),
      },
      turns(20, 4),
    );
    return [
      toFigure({
        ...{ name: "first line, cold", unit: "ms", own: times.longshore },
        peer: { name: "docker run", values: times.plain },
        bars: [atMost("ratio", 1.25), atMost("p50", 220)],
      }),
    ];
  },
};
