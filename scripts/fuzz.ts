// npm run fuzz [-- <requests>]: the fuzzing tests for longer than npm test runs them; see docs/security.md.
import { runSuites } from "./gate/run-suites.ts";
import { ensureRedis } from "./host/ensure-redis.ts";
import { root } from "./root.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usual = 20_000;

await runCommand(async (stop) => {
  const [given = String(usual), ...args] = process.argv.slice(2);
  if (!/^[1-9]\d{0,8}$/.test(given)) {
    process.stderr.write(`Usage: npm run fuzz [-- <requests>], ${String(usual)} where none are given.\n`);
    return 1;
  }
  const redis = await ensureRedis(createProgress());
  if (!redis.ok) {
    process.stderr.write(describeFault(redis.failure));
    return 1;
  }
  const env = { ...process.env, LONGSHORE_FUZZ_REQUESTS: given };
  const totals = await runSuites(root, env, ["--project", "suites", "tests/fuzz", ...args], stop);
  return totals.failed === 0 ? 0 : 1;
});
