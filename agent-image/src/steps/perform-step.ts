import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import { pythonProgram } from "./python.ts";
import { runProgram, type ProgramRun, type StepOutcome } from "./run-program.ts";
import { shellProgram } from "./shell.ts";
import { writeFileStep } from "./write-file.ts";

/** Every kind of Step, and how it is done. */
export async function performStep(step: WireStep, index: number, run: ProgramRun): Promise<StepOutcome> {
  switch (step.kind) {
    case "shell":
      return runProgram(shellProgram(step, index), run);
    case "python":
      return runProgram(pythonProgram(step, index, run.env), run);
    case "write_file":
      return writeFileStep(step);
  }
}
