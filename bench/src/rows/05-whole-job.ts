import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { atMost } from "../figures/bar.ts";
import { absentFigure, type Figure, toFigure } from "../figures/figure.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, type LoneJobTimes, timeLoneJob } from "../measure/time-job.ts";
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

const phases = ["queued", "sandbox_start", "analyze", "steps", "compile", "archive", "total"] as const;

/** Where the time went by the jobs' own `timings_ms`, warm-ups counted, and what of it the client waited for besides. */
function phaseFigures(name: "cold" | "warm", jobs: readonly LoneJobTimes[]): readonly Figure[] {
  const inPhases = phases.map((phase) =>
    toFigure({ name: `${name}, ${phase}`, unit: "ms", own: jobs.map(({ timings }) => timings[phase] ?? 0) }),
  );
  const outside = jobs.map(({ ended, timings }) => ended - (timings.total ?? 0));
  return [
    ...inPhases,
    toFigure({ name: `${name}, the client's way there and back`, unit: "ms", own: outside }),
  ];
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
    const jobs: Record<"cold" | "warm", LoneJobTimes[]> = { cold: [], warm: [] };
    const whole = async (name: "cold" | "warm") => {
      const times = await timeLoneJob(service(name), echo);
      jobs[name].push(times);
      return times.ended;
    };
    const coldOnly = { cold: () => whole("cold"), plain: () => byHand(bench) };
    const times = service("warm").hasPool
      ? await takeTurns({ ...coldOnly, warm: () => whole("warm") }, turns(20, 4))
      : { ...(await takeTurns(coldOnly, turns(20, 4))), warm: null };
    const peer = { name: "docker run, zip", values: times.plain };
    return [
      times.warm === null
        ? absentFigure("whole job, warm", "ms", "no warm pool yet", [warmBar])
        : toFigure({ name: "whole job, warm", unit: "ms", own: times.warm, peer, bars: [warmBar] }),
      toFigure({ name: "whole job, cold", unit: "ms", own: times.cold, peer, bars: [atMost("ratio", 1.3)] }),
      ...(times.warm === null ? [] : phaseFigures("warm", jobs.warm)),
      ...phaseFigures("cold", jobs.cold),
    ];
  },
};
