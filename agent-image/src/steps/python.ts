import { join } from "node:path";
import type { WireStep } from "@longshore/shared/contracts/agent-wire";
import { workspace } from "../sandbox/places.ts";
import { programFolder, type StepProgram } from "./start-program.ts";

type PythonStep = Extract<WireStep, { kind: "python" }>;

/**
 * `python3 file`, not `python3 -c`: tracebacks then show the source, and multiprocessing can import the program
 * again. Outside /workspace, or it would be among the outputs; hence PYTHONPATH, so that modules of earlier
 * Steps are found as they are by a program that lies beside them. Unbuffered, as the log is read live.
 */
export function pythonProgram({ code }: PythonStep, index: number, env: ProgramEnv): StepProgram {
  const file = { name: `step-${String(index)}.py`, text: code };
  const path = env["PYTHONPATH"];
  return {
    argv: ["python3", join(programFolder, file.name)],
    file,
    isPython: true,
    env: {
      PYTHONPATH: path === undefined || path === "" ? workspace : `${workspace}:${path}`,
      PYTHONUNBUFFERED: env["PYTHONUNBUFFERED"] ?? "1",
    },
  };
}

type ProgramEnv = Readonly<Record<string, string>>;
