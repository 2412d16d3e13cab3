import type { Result } from "@longshore/shared/domain/result";
import { ensureParts } from "../programs/parts.ts";
import { root } from "../root.ts";
import { createProgress, type Progress } from "../terminal/progress.ts";
import { asksForHelp } from "../terminal/command-line.ts";
import { runCommand } from "../terminal/run-command.ts";
import { describeFault, type SetupFault } from "../terminal/setup-fault.ts";
import { prepareMachine } from "./run-service.ts";
import { runSuite } from "./run-suite.ts";

/**
 * The whole of a command that runs the suite in `file`: gets ready what the suite needs by `ensureTools`, then what the
 * service needs, and hands the command's own arguments on. What is missing is said, and ends it with 1. Who asks for help
 * gets it of the suite at once.
 */
export async function runSuiteCommand(
  file: string,
  ensureTools: (progress: Progress) => Promise<Result<unknown, SetupFault>>,
): Promise<void> {
  await runCommand(async (stop, onForce) => {
    const args = process.argv.slice(2);
    if (args.some((each) => asksForHelp([each])))
      return runSuite({ file, args, env: process.env }, stop, onForce);
    const progress = createProgress();
    const tools = await ensureTools(progress);
    const machine = tools.ok ? await prepareMachine({ root, env: process.env, progress, stop }) : tools;
    if (!machine.ok) {
      process.stderr.write(describeFault(machine.failure));
      return 1;
    }
    await ensureParts(root);
    return runSuite({ file, args, env: machine.value }, stop, onForce);
  });
}
