import { fail, type Result, succeed } from "@longshore/shared/domain/result";
import { runProgram } from "../host/run-program.ts";
import type { SetupFault } from "../terminal/setup-fault.ts";

const limitMs = 3 * 60_000;

/** Runs a tool to its end and gives what it printed. */
export async function runTool(
  file: string,
  args: readonly string[],
  stop: AbortSignal,
): Promise<Result<string, SetupFault>> {
  const { code, output } = await runProgram(file, args, { limitMs, signal: stop });
  if (code === 0) return succeed(output);
  return fail({
    what: `${[file, ...args].join(" ")} failed:\n${output}`,
    advice: "Its own words are above.",
  });
}
