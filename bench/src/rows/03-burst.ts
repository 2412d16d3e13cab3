import { atMost } from "../figures/bar.ts";
import { absentFigure, type Figure, toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, happened, timeJob } from "../measure/time-job.ts";
import type { Row } from "../row.ts";
import type { Service } from "../world/open-service.ts";

const atOnce = 20;
const warmBar = atMost("max", 500);

/** How long the last of 20 Jobs that are scheduled at once waits for its first line. */
async function burst(service: Service): Promise<number> {
  const times = await Promise.all(Array.from({ length: atOnce }, () => timeJob(service, echo)));
  await service.quiet();
  return Math.max(...times.map(({ firstLine }) => happened(firstLine)));
}

export const burstOfJobs: Row = {
  number: 3,
  name: "burst",
  what: "20 at once",
  method: "20 POSTs at once, with a pool of 20 and without, to the first line of the last one",
  peer: "20 docker run at once",
  bar: "all within 0.5 s warm, 2.6 s cold",
  services: ["cold", "warm"],
  measure: async ({ service, engine, turns }) => {
    const [cold, warm] = [service("cold"), service("warm")];
    const plain = async () => {
      const times = await Promise.all(Array.from({ length: atOnce }, () => engine.run(["true"])));
      await engine.removeAll();
      return Math.max(...times);
    };
    const onPool = async () => {
      await warm.containers.ready(atOnce);
      return burst(warm);
    };
    const coldOnly = { cold: () => burst(cold), plain };
    const times = warm.hasPool
      ? await takeTurns({ ...coldOnly, warm: onPool }, turns(4, 1, 0))
      : { ...(await takeTurns(coldOnly, turns(4, 1, 0))), warm: null };
    const peer = { name: "docker run", values: times.plain };
    const ofWarm: Figure =
      times.warm === null
        ? absentFigure("last line, warm", "ms", "no warm pool yet", [warmBar])
        : toFigure({ name: "last line, warm", unit: "ms", own: times.warm, peer, bars: [warmBar] });
    return [
      ofWarm,
      toFigure({ name: "last line, cold", unit: "ms", own: times.cold, peer, bars: [atMost("max", 2_600)] }),
    ];
  },
};
