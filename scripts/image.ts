// npm run image: the image of the sandboxes, for a worker that is started by other means than npm.
import { loadEnvFile } from "./host/load-env-file.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

await runCommand(async (stop) => {
  loadEnvFile(root);
  const prepared = await prepareMachine({ root, env: process.env, progress: createProgress(), stop });
  if (!prepared.ok) {
    process.stderr.write(describeFault(prepared.failure));
    return 1;
  }
  process.stdout.write(`AGENT_IMAGE=${prepared.value["AGENT_IMAGE"] ?? ""}\n`);
  return 0;
});
