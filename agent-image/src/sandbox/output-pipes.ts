import { spawn } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { temporary } from "./places.ts";

/** Both ends of a pipe, as descriptors. The write end is for a Step, and blocks. */
export interface OutputPipe {
  readonly readFd: number;
  readonly writeFd: number;
}

/** Opens a new stdout and a new stderr for a Step. Throws where descriptors are used up. */
export type OpenOutputPipes = () => { readonly stdout: OutputPipe; readonly stderr: OutputPipe };

/** Not in `fs.constants`: a descriptor that names a file without reading or writing it. */
const openPath = 0o10_000_000;

/**
 * Makes real pipes. Node gives its children sockets, which cannot be opened by name, so that
 * `echo … > /dev/stderr` and `tee /dev/stdout` would fail. Node has no pipe(), hence two FIFOs, whose names are
 * removed again: what is left is a descriptor that is neither end of them, and that can be opened through
 * /proc as often as a Step needs a fresh pair.
 */
export async function createOutputPipes(): Promise<OpenOutputPipes> {
  const folder = mkdtempSync(join(temporary, "longshore-"));
  try {
    const paths = [join(folder, "stdout"), join(folder, "stderr")] as const;
    await runMkfifo(paths);
    const stdout = openSync(paths[0], openPath);
    const stderr = openSync(paths[1], openPath);
    return () => ({ stdout: openPipe(stdout), stderr: openPipe(stderr) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runMkfifo(paths: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/usr/bin/mkfifo", ["-m", "0600", ...paths], { stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`mkfifo ended with ${String(code)}`));
    });
  });
}

function openPipe(pathFd: number): OutputPipe {
  const path = `/proc/self/fd/${String(pathFd)}`;
  // The reader first: a FIFO without one keeps its writer waiting.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  }
}
