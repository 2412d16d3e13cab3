// npm run image: the image of the sandboxes, for a worker that is started by other means than npm. With --fresh it is
// built anew, of Debian's packages of today, although the engine has it.
import { loadEnvFile } from "./host/load-env-file.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

await runCommand(async (stop) => {
  const [option, ...more] = process.argv.slice(2);
  if ((option !== undefined && option !== "--fresh") || more.length > 0) {
    process.stderr.write("Usage: npm run image [-- --fresh]\n");
    return 1;
  }
  loadEnvFile(root);
  const options = { root, env: process.env, progress: createProgress(), stop };
  const prepared = await prepareMachine(options, option === "--fresh");
  if (!prepared.ok) {
    process.stderr.write(describeFault(prepared.failure));
    return 1;
  }
  process.stdout.write(`AGENT_IMAGE=${prepared.value["AGENT_IMAGE"] ?? ""}\n`);
  return 0;
});
