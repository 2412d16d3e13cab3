import { spawn } from "node:child_process";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** The program is killed after this long. */
  readonly limitMs: number;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Called with each piece of what it prints, both streams. */
  readonly onOutput?: (text: string) => void;
}
export interface ProgramEnd {
  /** The exit code; null where it was killed or never started. */
  readonly code: number | null;
  /** The end of what it printed, both streams mixed, or why it did not start. */
  readonly output: string;
}

/** What is kept of a program's output: enough for the message at its end. */
const OUTPUT_LIMIT = 256 * 1024;
/** From asking a program to end to making it. */
const KILL_AFTER_MS = 5_000;
/** From a program's end to the end of its output. */
const DRAIN_MS = 300;

/** Runs a program to its end, within `limitMs`. A program that cannot be started ends with code null. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramEnd> {
  const { limitMs, stdin, signal, onOutput, ...rest } = options;
  const child = spawn(file, args, { ...rest, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  const keep = (chunk: Buffer) => {
    const text = chunk.toString("utf8");
    output = (output + text).slice(-OUTPUT_LIMIT);
    onOutput?.(text);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  // A program that ends without reading its input is no fault of ours.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin ?? "");

  return new Promise((resolve) => {
    let killTimer: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill("SIGTERM");
      killTimer ??= setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
    };
    const limit = setTimeout(() => {
      output += `\n${file} did not end within ${limitMs / 1000} s.`;
      stop();
    }, limitMs);
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted === true) stop();
    const end = (code: number | null) => {
      clearTimeout(limit);
      clearTimeout(killTimer);
      signal?.removeEventListener("abort", stop);
      resolve({ code, output });
    };
    child.once("error", (error) => {
      output += error.message;
      end(null);
    });
    child.once("close", end);
    // A daemon that the program left behind may hold the pipes open for ever; so "close" gets a little time only.
    child.once("exit", (code) => setTimeout(() => end(code), DRAIN_MS));
  });
}

/** The last lines of an output, for a message. */
export function lastLines(output: string, count = 12): string {
  return output.trimEnd().split("\n").slice(-count).join("\n");
}
