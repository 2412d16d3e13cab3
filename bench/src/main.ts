// The benchmarks as a program; scripts/bench.ts starts it on a machine that is ready for it.
import { join } from "node:path";
import { CommanderError } from "commander";
import Dockerode from "dockerode";
import { root } from "../../scripts/root.ts";
import { runProgram } from "../../tests/chaos/run-program.ts";
import { measureRows } from "./measure-rows.ts";
import { type BenchOptions, readOptions } from "./options.ts";
import { createProfiler, type Profiler } from "./profile/create-profiler.ts";
import { createResultKeeper } from "./report/create-result-keeper.ts";
import { readCommit } from "./report/read-commit.ts";
import { readMachine } from "./report/read-machine.ts";
import { resultsTable } from "./report/results-table.ts";
import type { RowResult, RunFacts } from "./report/row-result.ts";
import { allRows } from "./rows/all-rows.ts";
import { runRow } from "./run-rows.ts";
import { createPlainEngine } from "./world/plain-engine.ts";
import { openService } from "./world/open-service.ts";
import { openPostgres } from "./world/open-postgres.ts";
import { createServiceShelf } from "./world/service-shelf.ts";

const wrongUse = 2;
const say = (line: string) => void process.stdout.write(`${line}\n`);

await runProgram(async (stop) => {
  try {
    return await main(readOptions(process.argv.slice(2), allRows), stop);
  } catch (error) {
    // It has said already what is wrong; who only asked for help did nothing wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUse;
    if (!stop.aborted) throw error;
    say("Stopped");
    return 1;
  }
});

async function main(options: BenchOptions, stop: AbortSignal): Promise<number> {
  const docker = new Dockerode();
  const image = process.env["AGENT_IMAGE"] ?? "longshore-agent:dev";
  const run: RunFacts = {
    measured_at: new Date().toISOString(),
    command: commandLine(),
    commit: await readCommit(root),
    quick: options.isQuick,
    machine: await readMachine(docker),
  };
  const profiler = options.profile ? createProfiler(profileFolder(run.measured_at)) : null;
  const results = await measureAll(options, { docker, image, stop, run, profiler });
  say(`\n${resultsTable(results)}`);
  say(
    profiler === null
      ? "Written to bench/results.json and bench/charts"
      : `Profiles and flame charts lie in ${profiler.folder}`,
  );
  return results.some(({ failure }) => failure !== null) ? 1 : 0;
}

function commandLine(): string {
  const given = process.argv.slice(2);
  return ["npm run bench", ...(given.length === 0 ? [] : ["--"]), ...given].join(" ");
}

interface Parts {
  readonly docker: Dockerode;
  readonly image: string;
  readonly stop: AbortSignal;
  readonly run: RunFacts;
  readonly profiler: Profiler | null;
}

async function measureAll(
  { rows, isQuick }: BenchOptions,
  { docker, image, stop, run, profiler }: Parts,
): Promise<readonly RowResult[]> {
  await using postgres = await openPostgres();
  await using engine = createPlainEngine({ docker, image, stop });
  const deps = {
    ...{ docker, image, stop, postgresUrl: postgres.url },
    settingsOf: (part: string) => profiler?.settingsOf(part) ?? {},
    onEnded: (part: string, pid: number) => profiler?.onEnded(part, pid) ?? Promise.resolve(),
  };
  await using shelf = createServiceShelf((options) => openService(deps, options));
  const bench = {
    ...{ isQuick, stop, engine, image, root, postgresUrl: postgres.url, service: shelf.get },
    turns: (whole: number, quick: number, warmUps = 1) => ({
      ...{ stop, warmUps, count: isQuick ? quick : whole },
    }),
    open: (options: Parameters<typeof openService>[1]) => openService(deps, options),
  };
  const keep = createResultKeeper(join(root, "bench"), { profile: profiler !== null });
  // Awaited here: what was opened above is closed when this returns.
  return await measureRows(rows, {
    ...{ run, stop },
    measure: async (row) => {
      await profiler?.begin(row.name);
      const outcome = await runRow(row, { bench, shelf, say });
      // Each row has profiles of its own.
      if (profiler !== null) await shelf.keep([]);
      await profiler?.end();
      return outcome;
    },
    keep: async (result) => {
      say(`${resultsTable([result])}\n  ${String(result.seconds)} s`);
      await keep(result);
    },
  });
}

function profileFolder(at: string): string {
  return join(root, ".longshore", "profiles", at.slice(0, 19).replaceAll(":", "-"));
}
