// npm run attacks [-- --mutations …]: the attack suite beyond what npm test runs of it; see docs/security.md.
import { join } from "node:path";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { runSuite } from "./supervisor/run-suite.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

await runCommand(async (stop, onForce) => {
  const machine = await prepareMachine({ root, env: process.env, progress: createProgress(), stop });
  if (!machine.ok) {
    process.stderr.write(describeFault(machine.failure));
    return 1;
  }
  const file = join(root, "tests", "attacks", "main.ts");
  return runSuite({ file, args: process.argv.slice(2), env: machine.value }, stop, onForce);
});
