import { join } from "node:path";
import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import { programFolder, type StepProgram } from "./start-program.ts";

type ShellStep = Extract<WireStep, { kind: "shell" }>;

/** The kernel takes arguments of up to 128 KiB each (MAX_ARG_STRLEN), the ending NUL included. */
const longestArgumentBytes = 120 * 1024;

/**
 * `bash -o pipefail -c command`. A command that is too long for an argument comes from a file, by `eval`: `$0`,
 * line numbers, `exit` and the wording of errors are then those of `-c`, which they would not be in a script.
 */
export function shellProgram({ command }: ShellStep, index: number): StepProgram {
  const bash = ["bash", "-o", "pipefail", "-c"];
  if (Buffer.byteLength(command, "utf8") <= longestArgumentBytes) {
    return { argv: [...bash, command], file: null, isPython: false, env: {} };
  }
  const file = { name: `step-${String(index)}.sh`, text: command };
  const fromFile = `eval "$(<${join(programFolder, file.name)})"`;
  return { argv: [...bash, fromFile], file, isPython: false, env: {} };
}
