import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { atMost } from "../figures/bar.ts";
import { absentFigure, toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, timeLoneJob } from "../measure/time-job.ts";
import { timeProgram } from "../measure/time-program.ts";
import type { Row } from "../row.ts";

const warmBar = atMost("p50", 60);

/** What somebody does who has no service: runs it, keeps what it prints, and zips that. */
async function byHand({ engine, folder, stop }: Bench): Promise<number> {
  const place = await mkdtemp(join(folder, "by-hand-"));
  const ran = await engine.runAlone(["echo", "hello"], join(place, "logs.txt"));
  const zipped = await timeProgram("zip", ["-q", "outputs.zip", "logs.txt"], stop, place);
  await rm(place, { recursive: true });
  return ran + zipped;
}

export const wholeJob: Row = {
  number: 5,
  name: "whole-job",
  what: "a whole job",
  method: "POST /schedule of one echo to `end` on /events, its zip stored",
  peer: "docker run IMAGE echo > file, and zip",
  bar: "p50 ≤ 60 ms warm; ≤ 1.3 × plain cold",
  services: ["cold", "warm"],
  measure: async (bench) => {
    const { service, turns } = bench;
    const whole = async (name: "cold" | "warm") => (await timeLoneJob(service(name), echo)).ended;
    const coldOnly = { cold: () => whole("cold"), plain: () => byHand(bench) };
    const times = service("warm").hasPool
      ? await takeTurns({ ...coldOnly, warm: () => whole("warm") }, turns(30, 4))
      : { ...(await takeTurns(coldOnly, turns(30, 4))), warm: null };
    const peer = { name: "docker run, zip", values: times.plain };
    return [
      times.warm === null
        ? absentFigure("whole job, warm", "ms", "no warm pool yet", [warmBar])
        : toFigure({ name: "whole job, warm", unit: "ms", own: times.warm, peer, bars: [warmBar] }),
      toFigure({ name: "whole job, cold", unit: "ms", own: times.cold, peer, bars: [atMost("ratio", 1.3)] }),
    ];
  },
};
