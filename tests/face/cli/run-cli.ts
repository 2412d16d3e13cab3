import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";

export interface CliEnd {
  /** As a shell has it in `$?`. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  stdout(): string;
  stderr(): string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Null: it stays open. */
  readonly stdin?: string | null;
}

const limitMs = 60_000;

/** Starts a program on pipes, with this environment alone. One that does not end in a minute is killed. */
export function startProgram(
  file: string,
  args: readonly string[],
  { env = {}, cwd, stdin = "" }: CliOptions,
): RunningCli {
  const node = dirname(process.execPath);
  const child = spawn(file, args, {
    env: { PATH: `${node}:${process.env["PATH"] ?? ""}`, ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  child.stdin.on("error", () => undefined);
  if (stdin !== null) child.stdin.end(stdin);
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const ended = once(child, "close").then(([code, signal]): CliEnd => {
    clearTimeout(limit);
    return { code, signal, stdout, stderr };
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}
