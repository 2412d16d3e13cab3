import type { LogLine } from "@longshore/client";

/** Where the output of one step of one turn lies. */
export interface Section {
  /** The first row. */
  readonly from: number;
  /** Behind the last row. */
  readonly to: number;
  /** The last row that it printed on stderr. */
  readonly lastError: number | null;
}

/** Notes which rows belong to which step as they come. */
export function createSections() {
  const sections = new Map<string, Section>();
  const keyOf = (turn: number, step: number) => `${String(turn)}/${String(step)}`;
  return {
    note: ({ step, stream }: LogLine, turn: number, place: number): void => {
      if (step === null) return;
      const known = sections.get(keyOf(turn, step));
      const lastError = stream === "stderr" ? place : (known?.lastError ?? null);
      sections.set(keyOf(turn, step), { from: known?.from ?? place, to: place + 1, lastError });
    },
    find: (turn: number, step: number): Section | null => sections.get(keyOf(turn, step)) ?? null,
  };
}
