// The acceptance trials as a program: npm run chaos -- --trial NAME, see docs/reliability.md.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../../../scripts/root.ts";
import { readCommandLine, readPositive, UsageError } from "../../../scripts/terminal/command-line.ts";
import { runProgram } from "../run-program.ts";
import { cancels } from "./cancels.ts";
import { engineRestart } from "./engine-restart.ts";
import { postgresOutage } from "./postgres-outage.ts";
import { recovery } from "./recovery.ts";
import { redisOutage } from "./redis-outage.ts";
import { runTrial } from "./run-trial.ts";
import { soak } from "./soak.ts";

const trials = [recovery, redisOutage, postgresOutage, engineRestart, cancels, soak];
const usage = `npm run chaos -- --trial NAME [--seed S] [--count N] [--minutes M] [--down-seconds N] [--rate N] [--empty]
${trials.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join("\n")}
`;

await runProgram(async (stop) => {
  const args = process.argv.slice(2);
  // `--trial --help`: who asks has no name yet.
  const asked = args[0] === "--trial" && args[1] === "--help" ? ["--help"] : args;
  const read = readCommandLine(asked, { usage, read: readTrialOptions });
  return read.ok ? main(read.value, stop) : read.failure;
});

async function main(
  { trial, seed, options }: ReturnType<typeof readTrialOptions>,
  stop: AbortSignal,
): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const day = new Date().toISOString().replaceAll(/[:.]/g, "-").slice(0, 19);
    const folder = join(root, ".longshore", "chaos", `${day}-trial-${trial.name}`);
    const passed = await runTrial(trial, { ...{ seed, options, folder, say }, stop });
    return passed && !stop.aborted ? 0 : 1;
  } catch (error) {
    if (!stop.aborted) throw error;
    say("Stopped");
    return 1;
  }
}

function readTrialOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trial: { type: "string", default: "" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
      count: { type: "string" },
      minutes: { type: "string", default: "30" },
      "down-seconds": { type: "string", default: "60" },
      rate: { type: "string", default: "20" },
      empty: { type: "boolean", default: false },
    },
  });
  const { trial: name, seed, empty } = values;
  const trial = trials.find((each) => each.name === name);
  if (trial === undefined) throw new UsageError(`There is no trial ${JSON.stringify(name)}`);
  const options = {
    ...{ empty, count: values.count === undefined ? null : readPositive("count", values.count) },
    ...{ minutes: readPositive("minutes", values.minutes), rate: readPositive("rate", values.rate) },
    downSeconds: readPositive("down-seconds", values["down-seconds"]),
  };
  return { trial, seed, options };
}
