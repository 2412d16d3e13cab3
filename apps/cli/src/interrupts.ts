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

/** What a command does when it is asked to stop. */
export interface Interrupts {
  /** Aborts, with an Interrupted, when the command is asked to stop and nobody handles it otherwise. */
  readonly stop: AbortSignal;
  /** From here on `handle` gets the signals; the last that was given counts. Gives what ends it. */
  handle(handle: (signal: StopSignal) => void): () => void;
}

/** Listens to the signals until the process ends. */
export function listenToSignals(): Interrupts {
  const stop = new AbortController();
  const handlers: ((signal: StopSignal) => void)[] = [(signal) => stop.abort(new Interrupted(signal))];
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => handlers.at(-1)?.(signal));
  return {
    stop: stop.signal,
    handle: (handle) => {
      handlers.push(handle);
      return () => void handlers.splice(handlers.indexOf(handle), 1);
    },
  };
}
