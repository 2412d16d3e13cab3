import { closeSync, constants, openSync } from "node:fs";
import { stderrPipeFd, stdoutPipeFd } from "./places.ts";

/** Both ends of a pipe, as descriptors. The write end is for a Step, and blocks. */
export interface OutputPipe {
  readonly readFd: number;
  readonly writeFd: number;
}

/** What a Step's stdout and stderr are read from. */
export interface OutputPipes {
  readonly stdout: OutputPipe;
  readonly stderr: OutputPipe;
}

/**
 * Opens a new stdout and a new stderr for a Step. Throws where descriptors are used up.
 *
 * Real pipes: Node gives its children sockets, which cannot be opened by name, so that `echo … > /dev/stderr` and
 * `tee /dev/stdout` would fail. Process 1 made them (native/init.c): FIFOs without a name, of which the agent and it
 * have a descriptor that is neither end, and that each can open through /proc as often as a Step needs a fresh pair.
 */
export function openOutputPipes(): OutputPipes {
  const stdout = openPipe(stdoutPipeFd);
  try {
    return { stdout, stderr: openPipe(stderrPipeFd) };
  } catch (error) {
    closeSync(stdout.readFd);
    closeSync(stdout.writeFd);
    throw error;
  }
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
