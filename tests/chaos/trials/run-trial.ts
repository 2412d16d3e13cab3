import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askDoctor } from "../checker/ask-doctor.ts";
import { checkAllJobs, checkStopped } from "../checker/check-leftovers.ts";
import { createRandom } from "../seeded-random.ts";
import type { Trial, TrialOptions } from "./trial.ts";
import { createTrialReport, type TrialReport } from "./trial-report.ts";
import { openTrialWorld, type TrialWorld } from "./trial-world.ts";
import { whatIsLeft } from "./what-is-left.ts";

export interface TrialRun {
  readonly seed: string;
  readonly options: TrialOptions;
  /** For the logs of the processes and the timeline. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/** Runs a trial on a service of its own, holds what is left against the invariants, and prints the table. */
export async function runTrial(trial: Trial, run: TrialRun): Promise<boolean> {
  await using opened = new AsyncDisposableStack();
  const { seed, options, folder, say, stop } = run;
  say(`Trial ${trial.name}, seed ${seed}: ${trial.about}`);
  await mkdir(folder, { recursive: true });
  const world = await openTrialWorld({ ...trial.world, ...{ say, stop }, logFolder: folder });
  opened.defer(() => world.remove());
  const report = createTrialReport();
  const context = { ...{ options, world, report, say, stop }, random: createRandom(seed) };
  await Promise.race([trial.run(context), whenStopped(stop)]);
  say("Stopping the service");
  await checkEnd(world, report, stop);
  const lines = world.timeline.entries.map((entry) => JSON.stringify(entry));
  await writeFile(join(folder, "timeline.ndjson"), `${lines.join("\n")}\n`);
  const title = `Trial ${trial.name}, seed ${seed}, ${new Date().toISOString().slice(0, 16)}: ${report.passed() ? "PASS" : "FAIL"}`;
  await writeFile(join(folder, "report.txt"), `${title}\n${report.toTable()}\n`);
  say(`\n${title}\n${report.toTable()}\nLogs: ${folder}`);
  return report.passed();
}

/** Never resolves; rejects when the trial is stopped, so that whatever it waits for, all is taken down at once. */
function whenStopped(stop: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  stop.addEventListener("abort", () => reject(new Error("the trial was stopped")), { once: true });
  return promise;
}

async function checkEnd(world: TrialWorld, report: TrialReport, stop: AbortSignal): Promise<void> {
  const { timeline, database, engine } = world;
  const list = async () => [
    ...(await world.containers()).map((id) => `container ${id.slice(0, 12)}`),
    ...engine.openExecs().map((id) => `exec ${id.slice(0, 12)}`),
    ...(await readdir(world.archiveFolder)).filter((name) => !name.endsWith(".zip")),
  ];
  const found = await whatIsLeft(list, stop);
  report.holds(
    "30 s after the last job no container, exec or file is left",
    found.length === 0,
    found.join(", "),
  );
  await askDoctor(world, timeline);
  for (const fault of await world.stopService()) timeline.broken(0, null, fault);
  const jobs = await checkAllJobs({ world, database, engine, timeline, deleted: new Set() });
  await checkStopped({ world, database, timeline });
  const { violations } = timeline;
  report.holds(
    "one end a job, no two containers at once, archives whole, doctor and stop clean",
    violations.length === 0,
    `${String(jobs)} jobs, ${String(violations.length)} violations`,
  );
}
