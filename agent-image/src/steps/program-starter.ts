import type { Result } from "@longshore/shared/domain/result";
import type { OutputPipes } from "../sandbox/output-pipes.ts";

/** How a program's main process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program as the kernel is given it. */
export interface ProgramCall {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** True of `python3 <file>`, which need not be started where an interpreter runs already. */
  readonly isPython: boolean;
}

/** What Steps are started by. There are two: process 1, and the agent itself through the launcher. */
export interface ProgramStarter {
  /**
   * Starts a program in /workspace, kept from all that a Step is kept from, with the write ends as its outputs. Its
   * value is when and how it ends; it fails with the system's code where nothing of it ran.
   */
  start(call: ProgramCall, pipes: OutputPipes): Promise<Result<Promise<Exit>, string>>;
  /** Readies what makes Python quick, if there is such a thing, with the modules of STEP_PRELOAD. It may take a second. */
  readyPython(): void;
}
