// The attack suite as a program; scripts/attacks.ts starts it on a machine that is ready for it.
import Docker from "dockerode";
import { runProgram } from "../chaos/run-program.ts";
import { readCommandLine } from "../../scripts/terminal/command-line.ts";
import { readAttackOptions, usage, type AttackOptions } from "./attack-options.ts";
import { measureEgress } from "./egress/measure-egress.ts";
import { measureOverhead } from "./measure-overhead.ts";
import { type MutationDeps, runMutations } from "./mutations/run-mutations.ts";
import { measureNeighbours } from "./neighbours/measure-neighbours.ts";
import { runPlain } from "./run-plain.ts";

await runProgram(async (stop) => {
  const options = readCommandLine(process.argv.slice(2), { usage, read: readAttackOptions });
  if (!options.ok) return options.failure;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const deps = {
    docker: new Docker(),
    image: process.env["AGENT_IMAGE"] ?? "longshore-agent:dev",
    say,
    stop,
  };
  const faults = await suiteOf(options.value)({ ...deps, only: options.value.only });
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
