// npm run image: the image of the sandboxes, for a worker that is started by other means than npm. With --fresh it is
// built anew, of Debian's packages of today, although the engine has it.
import { parseArgs } from "node:util";
import { loadEnvFile } from "./host/load-env-file.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { readCommandLine } from "./terminal/command-line.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usage = `npm run image [-- --fresh]: builds the image of the sandboxes, and says its name
  --fresh  builds it anew, of Debian's packages of today, although the engine has it
`;

await runCommand(async (stop) => {
  const options = readCommandLine(process.argv.slice(2), { usage, read: readOptions });
  if (!options.ok) return options.failure;
  loadEnvFile(root);
  const machine = { root, env: process.env, progress: createProgress(), stop };
  const prepared = await prepareMachine(machine, options.value.fresh);
  if (!prepared.ok) {
    process.stderr.write(describeFault(prepared.failure));
    return 1;
  }
  process.stdout.write(`AGENT_IMAGE=${prepared.value["AGENT_IMAGE"] ?? ""}\n`);
  return 0;
});

function readOptions(args: readonly string[]) {
  const options = { fresh: { type: "boolean", default: false } } as const;
  return parseArgs({ args: [...args], options }).values;
}
