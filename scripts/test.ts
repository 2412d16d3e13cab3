// npm test [-- <vitest arguments>]: set-up, gate, all suites. The last line is always "N passed, N failed".
import { succeed } from "@longshore/shared/domain/result";
import type { Result } from "@longshore/shared/domain/result";
import { runGate } from "./gate/run-gate.ts";
import type { Totals } from "./gate/run-suites.ts";
import { runSuites } from "./gate/run-suites.ts";
import { ensureChromium } from "./host/ensure-chromium.ts";
import { ensureRecipeTools } from "./host/ensure-recipe-tools.ts";
import { ensureRedis } from "./host/ensure-redis.ts";
import { root } from "./root.ts";
import { prepareMachine } from "./supervisor/run-service.ts";
import type { Progress } from "./terminal/progress.ts";
import { createProgress, elapsed } from "./terminal/progress.ts";
import { runCommand } from "./terminal/run-command.ts";
import type { SetupFault } from "./terminal/setup-fault.ts";
import { describeFault } from "./terminal/setup-fault.ts";

await runCommand(async (stop) => {
  // One stream for all that is shown, so that the totals are the last line wherever it is sent.
  const progress = createProgress(process.stdout);
  const { passed, failed } = await runAll(progress, stop).catch((error: unknown) => {
    progress.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { passed: 0, failed: 1 };
  });
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});

async function runAll(progress: Progress, stop: AbortSignal): Promise<Totals> {
  const began = Date.now();
  const machine = await prepareForTests(progress, stop);
  if (!machine.ok) {
    progress.say(describeFault(machine.failure));
    return { passed: 0, failed: 1 };
  }
  const setUp = elapsed(began);
  const gateBegan = Date.now();
  progress.say("\nThe gate");
  const shut = await runGate(root, progress.say, stop);
  const gate = elapsed(gateBegan);
  if (stop.aborted) return stoppedEarly(progress);
  const suitesBegan = Date.now();
  progress.say("\nThe suites");
  const { passed, failed } = await runSuites(root, machine.value, process.argv.slice(2), stop);
  progress.say(`\nset-up ${setUp} · gate ${gate} · suites ${elapsed(suitesBegan)}`);
  if (shut.length > 0) progress.say(`The gate is shut: ${shut.join(", ")}`);
  if (stop.aborted) return stoppedEarly(progress);
  return { passed, failed: failed + shut.length };
}

/** What did not run to its end has not passed. */
function stoppedEarly(progress: Progress): Totals {
  progress.say("Stopped before the end.");
  return { passed: 0, failed: 1 };
}

/** The environment of the tests: the engine and the agent image, and no colours in a file or a pipe. */
async function prepareForTests(
  progress: Progress,
  stop: AbortSignal,
): Promise<Result<NodeJS.ProcessEnv, SetupFault>> {
  for (const ensure of [ensureRedis, ensureRecipeTools, ensureChromium]) {
    const tools = await ensure(progress);
    if (!tools.ok) return tools;
  }
  const machine = await prepareMachine({ root, env: process.env, progress, stop });
  if (!machine.ok) return machine;
  return succeed({ ...machine.value, ...(process.stdout.isTTY ? {} : { NO_COLOR: "1" }) });
}
