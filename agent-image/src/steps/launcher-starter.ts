import { spawn, type ChildProcess } from "node:child_process";
import { fail, succeed, type Result } from "@longshore/shared/domain/result";
import type { OutputPipes } from "../sandbox/output-pipes.ts";
import { errorCode } from "../sandbox/place-file.ts";
import { launcher, workspace } from "../sandbox/places.ts";
import type { Exit, ProgramCall, ProgramStarter } from "./program-starter.ts";

/** Starts each program by itself, through the launcher: what is left where process 1 is not to do it. */
export const launcherStarter: ProgramStarter = { start: launch, readyPython: () => undefined };

/** Some failures of spawn are thrown, others are an event. */
function launch(
  { argv, env }: ProgramCall,
  { stdout, stderr }: OutputPipes,
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
