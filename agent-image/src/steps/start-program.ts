import { closeSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import { openOutputPipes } from "../sandbox/output-pipes.ts";
import { errorCode, placeFile } from "../sandbox/place-file.ts";
import { temporary } from "../sandbox/places.ts";
import type { Exit, ProgramStarter } from "./program-starter.ts";

/** A Step's source as a file, for those kinds that need one. Its path does not change from run to run, as it shows in tracebacks. */
export interface ProgramFile {
  /** Below `programFolder`. */
  readonly name: string;
  readonly text: string;
}

/** What is run for a Step. */
export interface StepProgram {
  readonly argv: readonly string[];
  readonly file: ProgramFile | null;
  /** True of `python3 <file>`. */
  readonly isPython: boolean;
  /** What its kind sets, over all else. */
  readonly env: Readonly<Record<string, string>>;
}

/** A program that runs. Whoever started it reads both outputs. */
export interface StartedProgram {
  readonly stdoutFd: number;
  readonly stderrFd: number;
  readonly exited: Promise<Exit>;
}

interface StartDeps {
  readonly env: Readonly<Record<string, string>>;
  readonly starter: ProgramStarter;
}

/** Where sources lie while they run. Emptied before each: nothing that a Step left there gets onto Python's path. */
export const programFolder = join(temporary, "longshore");

/** Starts a program in /workspace, or says by the system's code why it could not. */
export async function startProgram(
  program: StepProgram,
  { env, starter }: StartDeps,
): Promise<Result<StartedProgram, string>> {
  const placed = placeProgram(program.file);
  if (placed !== null) return fail(placed);
  let pipes;
  try {
    pipes = openOutputPipes();
  } catch (error) {
    return fail(errorCode(error));
  }
  const { stdout, stderr } = pipes;
  const { argv, isPython } = program;
  const started = await starter.start({ argv, isPython, env: { ...env, ...program.env } }, pipes);
  closeSync(stdout.writeFd);
  closeSync(stderr.writeFd);
  if (started.ok) {
    return succeed({ stdoutFd: stdout.readFd, stderrFd: stderr.readFd, exited: started.value });
  }
  closeSync(stdout.readFd);
  closeSync(stderr.readFd);
  return started;
}

/** The code of what went wrong, or null. */
function placeProgram(file: ProgramFile | null): string | null {
  try {
    rmSync(programFolder, { recursive: true, force: true });
  } catch (error) {
    return errorCode(error);
  }
  if (file === null) return null;
  const placed = placeFile(file.name, Buffer.from(file.text, "utf8"), { append: false, root: programFolder });
  return placed.ok ? null : placed.failure.code;
}
