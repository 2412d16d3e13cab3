import type { LogLine } from "@longshore/client";
import { type Look, plainLook } from "./look.ts";
import { showLine } from "./terminal-line.ts";

/** A line as it is shown: what came in pieces is one again. */
export interface LogRow {
  readonly seq: number;
  readonly time: string;
  readonly attempt: number;
  readonly step: number | null;
  readonly stream: LogLine["stream"];
  readonly text: string;
  /** With which its text begins, and the next of its step. */
  readonly before: Look;
  readonly after: Look;
  /** Characters beyond what is kept. */
  readonly cut: number;
}

/** What is kept of one line, in characters: no screen shows more, and a line may have all bytes of a log. */
const mostCharacters = 65_536;

/** The row that a line begins, after `previous`. */
export function toRow(line: LogLine, previous: LogRow | null): LogRow {
  const { seq, time, attempt, step, stream } = line;
  const isSameStep = previous !== null && previous.step === step && previous.attempt === attempt;
  // What the service says itself has no colours, and ends none.
  const before = isSameStep && stream !== "system" ? previous.after : plainLook;
  return withText({ seq, time, attempt, step, stream, text: "", before, after: before, cut: 0 }, line.text);
}

/** The row with a piece more at its end. */
export function withText(row: LogRow, piece: string): LogRow {
  const kept = piece.slice(0, Math.max(0, mostCharacters - row.text.length));
  const text = row.text + kept;
  const after = kept.includes("\u001b") ? showLine(text, row.before).look : row.after;
  return { ...row, text, after, cut: row.cut + piece.length - kept.length };
}
