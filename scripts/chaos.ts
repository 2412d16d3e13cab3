// npm run chaos [-- --seed S --minutes M …]: the chaos suite on separate processes, with real faults; see docs/reliability.md.
// npm run chaos -- --trial NAME: one of the acceptance trials instead.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ensureRedis } from "./host/ensure-redis.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
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
  const child = spawn(process.execPath, [suite, ...process.argv.slice(2)], {
    env: machine.value,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Ctrl-C goes to all of a terminal's processes: the suite is told once, by the channel that closes.
    detached: true,
  });
  onForce(() => void child.kill("SIGKILL"));
  const end = () => {
    if (child.connected) child.disconnect();
  };
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) end();
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
});
