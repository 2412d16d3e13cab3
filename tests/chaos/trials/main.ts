// The acceptance trials as a program: npm run chaos -- --trial NAME, see docs/reliability.md.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../../../scripts/root.ts";
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

// Before the program begins: a class is there only from its line on.
class UsageError extends Error {}

await runProgram((stop) => main(process.argv.slice(2), stop));

async function main(args: readonly string[], stop: AbortSignal): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const { name, seed, options } = readTrialOptions(args);
    const trial = trials.find((each) => each.name === name);
    if (trial === undefined) throw new UsageError(`there is no trial ${JSON.stringify(name)}`);
    const day = new Date().toISOString().replaceAll(/[:.]/g, "-").slice(0, 19);
    const folder = join(root, ".longshore", "chaos", `${day}-trial-${trial.name}`);
    const passed = await runTrial(trial, { ...{ seed, options, folder, say }, stop });
    return passed && !stop.aborted ? 0 : 1;
  } catch (error) {
    if (stop.aborted) say("Stopped");
    else if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}`);
    else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
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
  const options = {
    ...{ empty, count: values.count === undefined ? null : above0("count", values.count) },
    ...{ minutes: above0("minutes", values.minutes), rate: above0("rate", values.rate) },
    downSeconds: above0("down-seconds", values["down-seconds"]),
  };
  return { name, seed, options };
}

function above0(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new UsageError(`--${name} must be a number above 0, not ${JSON.stringify(text)}`);
}
