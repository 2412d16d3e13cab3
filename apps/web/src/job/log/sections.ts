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

type GrowingSection = { -readonly [Part in keyof Section]: Section[Part] };

/** Notes which rows belong to which step as they come. */
export function createSections() {
  const sections = new Map<string, GrowingSection>();
  let last: { readonly turn: number; readonly step: number; readonly section: GrowingSection } | null = null;
  const keyOf = (turn: number, step: number) => `${String(turn)}/${String(step)}`;
  return {
    note: ({ step, stream }: LogLine, turn: number, place: number): void => {
      if (step === null) return;
      // Mostly the one of the line before, which is not looked for: a log may have millions.
      if (last?.turn !== turn || last.step !== step) {
        const key = keyOf(turn, step);
        const section = sections.get(key) ?? { from: place, to: place, lastError: null };
        sections.set(key, section);
        last = { turn, step, section };
      }
      last.section.to = place + 1;
      if (stream === "stderr") last.section.lastError = place;
    },
    find: (turn: number, step: number): Section | null => {
      const section = sections.get(keyOf(turn, step));
      return section === undefined ? null : { ...section };
    },
  };
}
