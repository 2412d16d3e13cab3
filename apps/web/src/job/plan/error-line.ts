import type { JobHistory } from "../history/job-history.ts";
import type { LogBuffer } from "../log/log-buffer.ts";

/** A step of one turn's plan. */
export interface ShownStep {
  readonly turn: number;
  readonly step: number;
}

export interface ErrorLine extends ShownStep {
  /** Of the log, counted from 1. */
  readonly line: number;
}

/**
 * Where a job that failed says why: what its failing step printed last on stderr, which is where programs say it, or else
 * what it printed last at all. Null where no step failed, or it printed nothing.
 */
export function errorLine(log: Pick<LogBuffer, "section">, { end, turns }: JobHistory): ErrorLine | null {
  const step = end?.failure?.step ?? null;
  const turn = turns.at(-1)?.number;
  if (step === null || turn === undefined) return null;
  const section = log.section(turn, step);
  if (section === null) return null;
  return { turn, step, line: (section.lastError ?? section.to - 1) + 1 };
}
