import { findProgram } from "./find-program.ts";
import { runProgram } from "./run-program.ts";

const limitMs = 20_000;

/** The full path of a Python that has this module, or null: the first in PATH may be one of its user's own, without it. */
export async function findPythonWith(module: string): Promise<string | null> {
  for (const file of [await findProgram("python3"), "/usr/bin/python3"]) {
    if (file === null) continue;
    const { code } = await runProgram(file, ["-c", `import ${module}`], { limitMs });
    if (code === 0) return file;
  }
  return null;
}
