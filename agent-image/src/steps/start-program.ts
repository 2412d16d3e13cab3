import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import type { OpenOutputPipes, OutputPipe } from "../sandbox/output-pipes.ts";
import { errorCode, placeFile } from "../sandbox/place-file.ts";
import { launcher, temporary, workspace } from "../sandbox/places.ts";

/** A Step's source as a file, for those kinds that need one. Its path does not change from run to run, as it shows in tracebacks. */
export interface ProgramFile {
  /** Below `programFolder`. */
  readonly name: string;
  readonly text: string;
}

/** What is run for a Step, by the launcher. */
export interface StepProgram {
  readonly argv: readonly string[];
  readonly file: ProgramFile | null;
  /** What its kind sets, over all else. */
  readonly env: Readonly<Record<string, string>>;
}

/** A program that runs. Whoever started it reads both outputs. */
export interface StartedProgram {
  readonly stdoutFd: number;
  readonly stderrFd: number;
  readonly exited: Promise<Exit>;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface StartDeps {
  readonly env: Readonly<Record<string, string>>;
  readonly openPipes: OpenOutputPipes;
}

/** Where sources lie while they run. Emptied before each: nothing that a Step left there gets onto Python's path. */
export const programFolder = join(temporary, "longshore");

/** Starts a program in /workspace, or says by the system's code why it could not. */
export async function startProgram(
  program: StepProgram,
  { env, openPipes }: StartDeps,
): Promise<Result<StartedProgram, string>> {
  const placed = placeProgram(program.file);
  if (placed !== null) return fail(placed);
  let pipes;
  try {
    pipes = openPipes();
  } catch (error) {
    return fail(errorCode(error));
  }
  const { stdout, stderr } = pipes;
  const started = await spawnProgram(program.argv, { ...env, ...program.env }, [stdout, stderr]);
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

/** Some failures of spawn are thrown, others are an event. Its value is when and how the program ends. */
function spawnProgram(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  [stdout, stderr]: readonly [OutputPipe, OutputPipe],
): Promise<Result<Promise<Exit>, string>> {
  let child: ChildProcess;
  try {
    child = spawn(launcher, [String(process.pid), ...argv], {
      cwd: workspace,
      env,
      stdio: ["ignore", stdout.writeFd, stderr.writeFd],
    });
  } catch (error) {
    return Promise.resolve(fail(errorCode(error)));
  }
  const exited = new Promise<Exit>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal })),
  );
  return new Promise((resolve) => {
    child.once("spawn", () => resolve(succeed(exited)));
    child.on("error", (error) => resolve(fail(errorCode(error))));
  });
}
