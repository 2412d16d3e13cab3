import { constants } from "node:os";
import type { Result } from "@longshore/shared/domain/result";
import type { KillAll } from "../sandbox/kill-all.ts";
import { createPipeReader, type PipeReader } from "../sandbox/pipe-reader.ts";
import type { StreamLog } from "../log/stream-log.ts";
import { startProgram, type StepProgram, type StartedProgram } from "./start-program.ts";
import type { Exit, ProgramStarter } from "./program-starter.ts";

/** How a Step ended, whatever its kind. */
export interface StepOutcome {
  /** Null where we killed it. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly sigkilled: boolean;
  readonly note: string | null;
}

/** What a program needs beside itself. */
export interface ProgramRun {
  readonly timeoutMs: number | null;
  readonly env: Readonly<Record<string, string>>;
  readonly starter: ProgramStarter;
  readonly killAll: KillAll;
  readonly stdout: StreamLog;
  readonly stderr: StreamLog;
  /** Whether the log can take more; where it cannot, the program waits, until `onRoom` calls its listener. */
  readonly hasRoom: () => boolean;
  readonly onRoom: (listener: () => void) => void;
  /** Aborted by `cancel`: nothing is started any more. */
  readonly stop: AbortSignal;
}

interface ProgramEnd extends Exit {
  readonly timedOut: boolean;
}

const longestTimerMs = 2_147_483_647;
/** With survivors that hold a pipe there is no end of its stream: after this, what has come is what counts. */
const lastReadMs = 1_000;

/** Runs a program until its main process ends, kills whatever it left behind, and reads its output to the end. */
export async function runProgram(program: StepProgram, run: ProgramRun): Promise<StepOutcome> {
  const started = await startWithRetry(program, run);
  if (!started.ok) return { exitCode: 126, timedOut: false, sigkilled: false, note: started.failure };
  const readers = readOutput(started.value, run);
  // Cancelled while it was being started: whoever killed everything may have come too early for it.
  if (run.stop.aborted) void run.killAll();
  const exit = await waitForExit(started.value, run);
  const nothingLeft = await run.killAll();
  await drain(readers, nothingLeft);
  run.stdout.end();
  run.stderr.end();
  return {
    exitCode: exit.timedOut ? null : (exit.code ?? signalExitCode(exit.signal)),
    timedOut: exit.timedOut,
    sigkilled: exit.signal === "SIGKILL",
    note: null,
  };
}

/** EAGAIN means that processes are used up. None but a Step's own leftovers can do that: kill them and try once more. */
async function startWithRetry(
  program: StepProgram,
  run: ProgramRun,
): Promise<Result<StartedProgram, string>> {
  const first = await startProgram(program, run);
  if (first.ok || first.failure !== "EAGAIN") return first.ok ? first : toSentence(first.failure);
  await run.killAll();
  if (run.stop.aborted) return toSentence("cancelled");
  const second = await startProgram(program, run);
  return second.ok ? second : toSentence(second.failure);
}

const startFaults: Readonly<Record<string, string>> = {
  E2BIG: "its environment is too large",
  EAGAIN: "the limit of processes is reached",
  EACCES: "/workspace cannot be entered",
  ENOSPC: "no space is left in /tmp",
};

function toSentence(code: string): Result<never, string> {
  return { ok: false, failure: `The Step could not be started: ${startFaults[code] ?? code}.` };
}

function readOutput({ stdoutFd, stderrFd }: StartedProgram, run: ProgramRun): readonly PipeReader[] {
  const read = (fd: number, log: StreamLog): PipeReader =>
    createPipeReader(fd, (chunk) => {
      log.push(chunk);
      return run.hasRoom();
    });
  const readers = [read(stdoutFd, run.stdout), read(stderrFd, run.stderr)];
  run.onRoom(() => {
    for (const reader of readers) reader.resume();
  });
  return readers;
}

function waitForExit({ exited }: StartedProgram, { timeoutMs, killAll }: ProgramRun): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let timedOut = false;
    const timeOut = (): void => {
      timedOut = true;
      // Where even SIGKILL does not end it, it is left behind: the worker's own limit ends the container.
      void killAll().then((dead) => {
        if (!dead) resolve({ code: null, signal: "SIGKILL", timedOut });
      });
    };
    const timer = timeoutMs === null ? null : setTimeout(timeOut, Math.min(timeoutMs, longestTimerMs));
    void exited.then(({ code, signal }) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ code, signal, timedOut });
    });
  });
}

/**
 * When nobody is left who could write, the end of the stream comes for certain, however long the window stays
 * full. Only with survivors is the wait bounded.
 */
async function drain(readers: readonly PipeReader[], nothingLeft: boolean): Promise<void> {
  const timer = nothingLeft
    ? null
    : setTimeout(() => readers.forEach((reader) => reader.close()), lastReadMs);
  await Promise.all(readers.map((reader) => reader.ended));
  if (timer !== null) clearTimeout(timer);
}

function signalExitCode(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}
