import type { ExitCode } from "./exit-codes.ts";
import { exitCodes } from "./exit-codes.ts";

export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export const exitCodeOfSignal = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
} as const satisfies Record<StopSignal, ExitCode>;

/** Thrown through a command that was asked to stop by a signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly signal: StopSignal;
  constructor(signal: StopSignal) {
    super(signal);
    this.signal = signal;
  }
}

/** Whether the command leaves for this signal. */
type SignalHandler = (signal: StopSignal) => boolean;

/** npm passes a Ctrl-C on that the terminal has sent to its child already (its run-script, signal-manager.js): it is one. */
const echoMs = 100;
/** For how long a command that was asked more than once to stop may tidy up. */
const tidyingMs = 2_000;

/** What a command does when it is asked to stop. */
export interface Interrupts {
  /** Aborts, with an Interrupted, when the command is asked to stop and nobody handles it otherwise. */
  readonly stop: AbortSignal;
  /** From here on `handle` gets the signals; the last that was given counts. Gives what ends it. */
  handle(handle: SignalHandler): () => void;
}

/** Listens to the signals until the process ends. One that leaves already is ended by the next, whatever it waits for. */
export function listenToSignals(): Interrupts {
  const stop = new AbortController();
  const handlers: SignalHandler[] = [
    (signal) => {
      stop.abort(new Interrupted(signal));
      return true;
    },
  ];
  let [isLeaving, heard] = [false, 0];
  const heardAt = new Map<StopSignal, number>();
  const hear = (signal: StopSignal) => {
    const now = performance.now();
    if (now - (heardAt.get(signal) ?? -echoMs) < echoMs) return;
    heardAt.set(signal, now);
    if (isLeaving) {
      endAtOnce(signal);
      return;
    }
    isLeaving = handlers.at(-1)?.(signal) ?? false;
    heard += 1;
    if (isLeaving && heard > 1) setTimeout(() => endAtOnce(signal), tidyingMs).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => hear(signal));
  return {
    stop: stop.signal,
    handle: (handle) => {
      handlers.push(handle);
      return () => void handlers.splice(handlers.indexOf(handle), 1);
    },
  };
}

/** By the signal itself: process.exit waits for the threads of Node's pool, of which one may be stuck in a system call. */
function endAtOnce(signal: StopSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
