import { setTimeout as pause } from "node:timers/promises";
import { printingJob, readEnd } from "./printing-job.ts";
import type { Trial } from "./trial.ts";
import { untilAllPrint } from "./until-all-print.ts";
import { whatIsLeft } from "./what-is-left.ts";

const jobs = 8;
const job = printingJob(30, 200);
const endBoundMs = 300_000;

export const engineRestart: Trial = {
  name: "engine-restart",
  about: "the container engine, one of the trial's own, is restarted while 8 jobs run",
  world: { workers: 2, env: { WORKER_CONCURRENCY: "4" }, ownEngine: true, models: false },
  run: async (context) => {
    const { world, report, say, stop } = context;
    const ids = await Promise.all(Array.from({ length: jobs }, () => world.client.schedule(job.body)));
    await untilAllPrint(context, ids);
    await pause(2_000);
    const begun = Date.now();
    await world.ownEngine?.restart();
    const backAt = Date.now();
    say(`  The engine is back after ${((backAt - begun) / 1_000).toFixed(1)} s`);
    const recovered: number[] = [];
    const ends = await Promise.all(
      ids.map(async (id) => {
        const end = await readEnd(world, id, job, endBoundMs);
        recovered.push((Date.now() - backAt) / 1_000);
        return end;
      }),
    );
    const byRule = ends.filter(({ status, attempt, failure, fault }) =>
      status === "succeeded" ? fault === null : failure?.code === "sandbox_lost" && attempt === 5,
    );
    const again = ends.filter(({ status, attempt }) => status === "succeeded" && attempt > 1).length;
    const told = ends.filter((end) => !byRule.includes(end));
    report.holds(
      "each job ends by the rule: a later attempt, or sandbox_lost",
      byRule.length === ends.length,
      `${String(again)} succeeded in a later attempt, ${String(byRule.length - again)} otherwise by the rule; ` +
        told
          .map(({ id, status, attempt, fault }) => `${id}: ${status} ${String(attempt)} ${fault ?? ""}`)
          .join("; "),
    );
    report.figures("the engine is back to the end of a job of 30 s", "s", recovered);
    const left = await whatIsLeft(() => world.docker.listContainers({ all: true }), stop);
    report.holds("no container is left on that engine", left.length === 0, `${String(left.length)} left`);
  },
};
