// npm run chaos [-- --seed S --minutes M …]: the chaos suite on separate processes, with real faults; see docs/reliability.md.
// npm run chaos -- --trial NAME: one of the acceptance trials instead.
import { join } from "node:path";
import { ensureRedis } from "./host/ensure-redis.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import { runSuite } from "./supervisor/run-suite.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

await runCommand(async (stop, onForce) => {
  const progress = createProgress();
  const redis = await ensureRedis(progress);
  const machine = redis.ok ? await prepareMachine({ root, env: process.env, progress, stop }) : redis;
  if (!machine.ok) {
    process.stderr.write(describeFault(machine.failure));
    return 1;
  }
  const isTrial = process.argv.some((each) => each === "--trial" || each.startsWith("--trial="));
  const suite = join(root, "tests", "chaos", ...(isTrial ? ["trials"] : []), "main.ts");
  const program = { file: suite, args: process.argv.slice(2), env: machine.value };
  return runSuite(program, stop, onForce);
});
