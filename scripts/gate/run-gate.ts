import { runProgram } from "../host/run-program.ts";
import { elapsed } from "../terminal/progress.ts";
import type { GateTool } from "./gate-tools.ts";
import { gateTools, toolCommand } from "./gate-tools.ts";

const TOOL_LIMIT_MS = 5 * 60_000;
/** Most of the tools use more than one thread themselves. */
const AT_ONCE = 2;

/** Runs all tools of the gate, prints a line for each and the output of those that failed, and gives their names. */
export async function runGate(
  root: string,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<readonly string[]> {
  const failed: string[] = [];
  const waiting = [...gateTools];
  const work = async () => {
    for (let tool = waiting.shift(); tool !== undefined && !stop.aborted; tool = waiting.shift()) {
      if (!(await runTool(root, tool, say, stop))) failed.push(tool.name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed;
}

async function runTool(
  root: string,
  tool: GateTool,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<boolean> {
  const began = Date.now();
  const { file, args } = toolCommand(root, tool);
  const env = { ...process.env, NO_COLOR: "1" };
  const { code, output } = await runProgram(file, args, {
    cwd: root,
    env,
    limitMs: TOOL_LIMIT_MS,
    signal: stop,
  });
  say(`${code === 0 ? "✓" : "✗"} ${tool.name.padEnd(10)} ${tool.holds} (${elapsed(began)})`);
  if (code !== 0) say(`${output.trimEnd().replaceAll(/^/gm, "    ")}\n`);
  return code === 0;
}
