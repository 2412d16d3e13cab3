import { diffLines } from "diff";

export interface DiffLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

/** A line of either side; both are there, and the same, where nothing changed. */
export interface DiffRow {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
  readonly isChanged: boolean;
}

/** For how long differences are looked for, in ms: two long texts that have nothing in common take very long. */
const longestMs = 400;

/** Two texts beside each other, line by line; null where they differ too much to be compared. */
export function sideBySide(before: string, after: string): readonly DiffRow[] | null {
  const parts = diffLines(ended(before), ended(after), { timeout: longestMs });
  if (parts === undefined) return null;
  const rows: DiffRow[] = [];
  let [left, right] = [1, 1];
  let removed: DiffLine[] = [];
  const flush = (added: readonly DiffLine[]) => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      rows.push({ left: removed[at] ?? null, right: added[at] ?? null, isChanged: true });
    removed = [];
  };
  for (const part of parts) {
    const lines = part.value.split("\n").slice(0, -1);
    if (part.removed) {
      flush([]);
      removed = lines.map((text, at) => ({ number: left + at, text }));
      left += lines.length;
    } else if (part.added) {
      flush(lines.map((text, at) => ({ number: right + at, text })));
      right += lines.length;
    } else {
      flush([]);
      for (const text of lines) {
        rows.push({ left: { number: left, text }, right: { number: right, text }, isChanged: false });
        [left, right] = [left + 1, right + 1];
      }
    }
  }
  flush([]);
  return rows;
}

const ended = (text: string) => (text === "" || text.endsWith("\n") ? text : `${text}\n`);
