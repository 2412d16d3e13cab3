import { lastLines, runProgram } from "../../../scripts/host/run-program.ts";

const limitMs = 300_000;

/** Runs a program and gives the ms from its start to its end. Rejects with what it printed where it fails. */
export async function timeProgram(
  file: string,
  args: readonly string[],
  stop: AbortSignal,
  cwd = process.cwd(),
): Promise<number> {
  const began = performance.now();
  const { code, output } = await runProgram(file, args, { limitMs, signal: stop, cwd });
  const tookMs = performance.now() - began;
  stop.throwIfAborted();
  if (code !== 0) throw new Error(`${file} ${args.slice(0, 2).join(" ")} failed: ${lastLines(output)}`);
  return tookMs;
}
