import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { ScheduleRequest } from "@longshore/client";
import { systemError } from "../cli-error.ts";

type Step = NonNullable<ScheduleRequest["steps"]>[number];

/**
 * A step of the command line: `shell:COMMAND`, `python:CODE`, or without a kind, which is the shell's. `@path` takes the
 * code from a file; one that ends in .py is Python's.
 */
export async function readStep(text: string, cwd: string): Promise<Step> {
  const [, kind, rest = text] = /^(shell|python):([\s\S]*)$/.exec(text) ?? [];
  if (!rest.startsWith("@")) return stepOf(kind ?? "shell", rest);
  const path = rest.slice(1);
  try {
    const code = await readFile(resolve(cwd, path), "utf8");
    return stepOf(kind ?? (extname(path) === ".py" ? "python" : "shell"), code);
  } catch (error) {
    throw systemError(`The step ${path} cannot be read`, error);
  }
}

function stepOf(kind: string, code: string): Step {
  return kind === "python" ? { kind: "python", code } : { kind: "shell", command: code };
}
