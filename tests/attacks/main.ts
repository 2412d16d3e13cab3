// The attack suite as a program; scripts/attacks.ts starts it on a machine that is ready for it.
import Docker from "dockerode";
import { runProgram } from "../chaos/run-program.ts";
import { readAttackOptions, usage, type AttackOptions } from "./attack-options.ts";
import { measureEgress } from "./egress/measure-egress.ts";
import { measureOverhead } from "./measure-overhead.ts";
import { type MutationDeps, runMutations } from "./mutations/run-mutations.ts";
import { measureNeighbours } from "./neighbours/measure-neighbours.ts";
import { runPlain } from "./run-plain.ts";

await runProgram(async (stop) => {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return 1;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const deps = {
    docker: new Docker(),
    image: process.env["AGENT_IMAGE"] ?? "longshore-agent:dev",
    say,
    stop,
  };
  const faults = await suiteOf(options)({ ...deps, only: options.only });
  say(faults === 0 ? "\nEverything held." : `\n${String(faults)} did not hold.`);
  return faults === 0 ? 0 : 1;
});

function suiteOf({
  warm,
  mutations,
  neighbours,
  overhead,
  egress,
}: AttackOptions): (deps: MutationDeps) => Promise<number> {
  if (mutations) return runMutations;
  if (neighbours) return measureNeighbours;
  if (egress) return measureEgress;
  return overhead ? measureOverhead : (deps) => runPlain({ ...deps, warm });
}

function readOptions(args: readonly string[]): AttackOptions | null {
  try {
    return readAttackOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return null;
  }
}
