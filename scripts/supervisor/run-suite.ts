import { spawn } from "node:child_process";

export interface SuiteProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a suite as a program of its own, and gives its exit code. Asked to stop it is told once, by the channel that closes. */
export function runSuite(
  { file, args, env }: SuiteProgram,
  stop: AbortSignal,
  onForce: (force: () => unknown) => void,
): Promise<number> {
  const child = spawn(process.execPath, [file, ...args], {
    env,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Ctrl-C goes to all of a terminal's processes.
    detached: true,
  });
  onForce(() => void child.kill("SIGKILL"));
  const end = () => {
    if (child.connected) child.disconnect();
  };
  stop.addEventListener("abort", end, { once: true });
  if (stop.aborted) end();
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
