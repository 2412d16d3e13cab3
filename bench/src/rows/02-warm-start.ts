import { atMost } from "../figures/bar.ts";
import { absentFigure, toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, happened, timeLoneJob } from "../measure/time-job.ts";
import type { Row } from "../row.ts";

const bars = [atMost("p50", 50), atMost("ratio", 0.2)];

export const warmStart: Row = {
  number: 2,
  name: "warm-start",
  what: "time to interactive, warm",
  method: "as row 1, with a pool of 20 that is full before each",
  peer: "the cold start of row 1",
  bar: "p50 ≤ 50 ms; ≥ 5 × faster than cold",
  services: ["cold", "warm"],
  measure: async ({ service, turns }) => {
    if (!service("warm").hasPool) return [absentFigure("first line, warm", "ms", "no warm pool yet", bars)];
    const firstLine = async (name: "cold" | "warm") =>
      happened((await timeLoneJob(service(name), echo)).firstLine);
    const times = await takeTurns(
      { warm: () => firstLine("warm"), cold: () => firstLine("cold") },
      turns(20, 4),
    );
    return [
      toFigure({
        ...{ name: "first line, warm", unit: "ms", own: times.warm, bars },
        peer: { name: "cold", values: times.cold },
      }),
    ];
  },
};
