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
  const grown = { ...row, text: row.text + piece, after: lookAfter(row, piece) };
  const beyond = grown.text.length - mostCharacters;
  if (beyond <= 0) return grown;
  const later = row.cut === 0 ? withoutOverwritten(grown) : null;
  return later ?? { ...grown, text: grown.text.slice(0, mostCharacters), cut: row.cut + beyond };
}

/** Of a sequence that begins in one piece and ends in the next, the first part is no longer, in characters. */
const longestOpen = 64;

/** A look is all that the last sequences have set: the last of the text may be read again with what goes on in the piece. */
function lookAfter({ text, after }: LogRow, piece: string): Look {
  const end = text.slice(-longestOpen);
  const open = end.lastIndexOf("\u001b");
  const read = (open < 0 ? "" : end.slice(open)) + piece;
  return read.includes("\u001b") ? showLine(read, after).look : after;
}

/**
 * The row from a CR on, the first in its last part: a progress bar that is drawn for hours is one line, of which all but the
 * end was overwritten. Null where nothing follows a CR there.
 */
function withoutOverwritten(row: LogRow): LogRow | null {
  const at = row.text.indexOf("\r", row.text.length - mostCharacters / 2);
  if (at < 0 || at === row.text.length - 1) return null;
  return { ...row, text: row.text.slice(at), before: showLine(row.text.slice(0, at), row.before).look };
}
