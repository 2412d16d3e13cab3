import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Bench } from "../bench.ts";
import { atMost } from "../figures/bar.ts";
import { absentFigure, type Figure, toFigure } from "../figures/figure.ts";
import { residentMb } from "../../../tests/support/resident-mb.ts";
import { unsharedMb } from "../measure/process-memory.ts";
import { takeTurns } from "../measure/take-turns.ts";
import { echo, timeLoneJob } from "../measure/time-job.ts";
import { timeStart } from "../measure/time-start.ts";
import type { Row } from "../row.ts";
import type { Service } from "../world/open-service.ts";

const lookEveryMs = 500;
/** As the engine gives it: a row a process, the first column its pid on this machine. */
const processList = z.object({ Processes: z.array(z.array(z.string())) });

/** What API and worker hold after some Jobs, while nothing runs. */
async function processFigures({ turns, service }: Bench): Promise<readonly Figure[]> {
  const { api, workers } = service("warm");
  for (let job = 0; job < turns(20, 3).count; job += 1) await timeLoneJob(service("warm"), echo);
  const looks = turns(10, 3);
  const look = (pid: number) => async () => {
    await pause(lookEveryMs, undefined, { signal: looks.stop });
    return residentMb(pid);
  };
  const rss = await takeTurns(
    { api: look(api.pid), worker: look(workers[0]?.pid ?? 0) },
    { ...looks, warmUps: 0 },
  );
  const bars = [atMost("p50", 120)];
  return [
    toFigure({ name: "API, RSS", unit: "MB", own: rss.api, bars }),
    toFigure({ name: "worker, RSS", unit: "MB", own: rss.worker, bars }),
  ];
}

/** What each sandbox that waits for a Job has for itself, all its processes together. */
async function sandboxFigure({ engine }: Bench, { hasPool, containers }: Service): Promise<Figure> {
  const [name, bars] = ["a warm sandbox, unshared", [atMost("p50", 25)]];
  if (!hasPool) return absentFigure(name, "MB", "no warm pool yet", bars);
  const own = await Promise.all(
    (await containers.waiting()).map(async (id) => {
      const { Processes } = processList.parse(
        await engine.docker.getContainer(id).top({ ps_args: "-eo pid,comm" }),
      );
      const sizes = await Promise.all(Processes.map(([pid]) => unsharedMb(Number(pid))));
      return sizes.reduce((sum, each) => sum + each, 0);
    }),
  );
  return toFigure({ name, unit: "MB", own, bars });
}

export const footprint: Row = {
  number: 14,
  name: "footprint",
  what: "memory, image, start",
  method:
    "RSS of API and worker after some jobs, memory that idle warm sandboxes have for themselves, size of the image, `npm start` to /ready in a folder that has its database",
  peer: "–",
  bar: "≤ 120 MB each process; ≤ 25 MB a warm sandbox; start ≤ 2 s",
  services: ["warm"],
  measure: async (bench) => {
    const { engine, turns } = bench;
    const { Size } = await engine.docker.getImage(bench.image).inspect();
    const memory = [...(await processFigures(bench)), await sandboxFigure(bench, bench.service("warm"))];
    const starts = await takeTurns({ start: () => timeStart(bench) }, turns(4, 1));
    return [
      ...memory,
      toFigure({ name: "image", unit: "MB", own: [Size / 1_048_576] }),
      toFigure({ name: "npm start to /ready", unit: "ms", own: starts.start, bars: [atMost("p50", 2_000)] }),
    ];
  },
};
