import type { Result } from "@longshore/shared/domain/result";
import { ensureParts } from "../programs/parts.ts";
import { root } from "../root.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { runCommand } from "../terminal/run-command.ts";
import { describeFault, type SetupFault } from "../terminal/setup-fault.ts";
import { prepareMachine } from "./run-service.ts";
import { runSuite } from "./run-suite.ts";

/**
 * The whole of a command that runs the suite in `file`: gets ready what the suite needs by `ensureTools`, then what the
 * service needs, and hands the command's own arguments on. What is missing is said, and ends it with 1.
 */
export async function runSuiteCommand(
  file: string,
  ensureTools: (progress: Progress) => Promise<Result<unknown, SetupFault>>,
): Promise<void> {
  await runCommand(async (stop, onForce) => {
    const progress = createProgress();
    const tools = await ensureTools(progress);
    const machine = tools.ok ? await prepareMachine({ root, env: process.env, progress, stop }) : tools;
    if (!machine.ok) {
      process.stderr.write(describeFault(machine.failure));
      return 1;
    }
    await ensureParts(root);
    return runSuite({ file, args: process.argv.slice(2), env: machine.value }, stop, onForce);
  });
}
