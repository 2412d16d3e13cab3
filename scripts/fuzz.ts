// npm run fuzz [-- <requests>]: the fuzzing tests for longer than npm test runs them; see docs/security.md.
import { runSuites } from "./gate/run-suites.ts";
import { ensureRedis } from "./host/ensure-redis.ts";
import { root } from "./root.ts";
import { readCommandLine, UsageError } from "./terminal/command-line.ts";
import { createProgress } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import { describeFault } from "./terminal/setup-fault.ts";

const usual = 20_000;

const usage = `npm run fuzz [-- REQUESTS [VITEST'S ARGUMENTS]]: the fuzzing tests with so many requests (${String(usual)})
`;

await runCommand(async (stop) => {
  const options = readCommandLine(process.argv.slice(2), { usage, read: readOptions });
  if (!options.ok) return options.failure;
  const { given, args } = options.value;
  const redis = await ensureRedis(createProgress());
  if (!redis.ok) {
    process.stderr.write(describeFault(redis.failure));
    return 1;
  }
  const env = { ...process.env, LONGSHORE_FUZZ_REQUESTS: given };
  const totals = await runSuites(root, env, ["--project", "suites", "tests/fuzz", ...args], stop);
  return totals.failed === 0 ? 0 : 1;
});

function readOptions([given = String(usual), ...args]: readonly string[]) {
  if (/^[1-9]\d{0,8}$/.test(given)) return { given, args };
  throw new UsageError(`The number of requests is a whole one from 1 on, not ${JSON.stringify(given)}`);
}
