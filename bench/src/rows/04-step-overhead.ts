import { atMost } from "../figures/bar.ts";
import { toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { happened, timeLoneJob } from "../measure/time-job.ts";
import type { Row } from "../row.ts";

const steps = 40;
const code = `def fibo(n):
    return n if n < 2 else fibo(n - 1) + fibo(n - 2)
print(fibo(10))`;
const fortySteps = { steps: Array.from({ length: steps }, () => ({ kind: "python", code })) };

export const stepOverhead: Row = {
  number: 4,
  name: "step-overhead",
  what: "what each step costs",
  method: "40 python steps of fibo(10) in one job: from the first step's start to the last one's end, by 40",
  peer: "docker exec of the same, 40 times; published: Windmill 49, Hatchet 90, Temporal 98 ms",
  bar: "p50 ≤ 12 ms a step",
  services: ["cold"],
  measure: async ({ service, engine, turns }) => {
    const container = await engine.start(["sleep", "infinity"]);
    const times = await takeTurns(
      {
        longshore: async () => {
          const { firstStep, lastStep } = await timeLoneJob(service("cold"), fortySteps);
          return (happened(lastStep) - happened(firstStep)) / steps;
        },
        exec: async () => {
          let all = 0;
          for (let step = 0; step < steps; step += 1)
            all += await engine.time(["exec", container, "python3", "-c", code]);
          return all / steps;
        },
      },
      turns(5, 1, 0),
    );
    return [
      toFigure({
        ...{ name: "a step", unit: "ms", own: times.longshore, bars: [atMost("p50", 12)] },
        peer: { name: "docker exec", values: times.exec },
      }),
    ];
  },
};
