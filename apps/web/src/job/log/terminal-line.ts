import { readControlSequence } from "./control-sequence.ts";
import { applyRendition, type Look } from "./look.ts";

export interface Span {
  readonly text: string;
  readonly look: Look;
}

export interface ShownLine {
  readonly spans: readonly Span[];
  /** With which the next line begins. */
  readonly look: Look;
}

/** Where a program may put the cursor beyond what it has written, in columns. */
const mostColumns = 4_096;

/**
 * What a terminal shows of a line when all of it has come, beginning with `look`: a CR goes back to its start and what
 * follows overwrites, as do backspace and the sequences that move within a line or erase it. All else that is a control
 * is left out or shown as a picture, so that the text is what it looks like.
 */
export function showLine(text: string, look: Look): ShownLine {
  if (!hasControls(text)) return { spans: text === "" ? [] : [{ text, look }], look };
  const line = new Cells(look);
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    if (code === 0x1b) {
      const sequence = readControlSequence(text, at);
      line.obey(sequence.does, sequence.parameters);
      at += sequence.length;
      continue;
    }
    if (code === 0x0d) line.moveTo(0);
    else if (code === 0x08) line.moveBy(-1);
    else if (code === 0x09 || !isControl(code)) line.put(String.fromCodePoint(code));
    else if (code !== 0x07) line.put(pictureOf(code));
    at += code > 0xffff ? 2 : 1;
  }
  return { spans: line.spans(), look: line.look };
}

/** The text of {@link showLine} alone: what is searched, and copied. */
export function plainText(text: string, look: Look): string {
  if (!hasControls(text)) return text;
  return showLine(text, look)
    .spans.map((span) => span.text)
    .join("");
}

/** A line's cells, and the cursor that writes them. */
class Cells {
  look: Look;
  #column = 0;
  readonly #cells: { text: string; look: Look }[] = [];

  constructor(look: Look) {
    this.look = look;
  }

  put(text: string): void {
    while (this.#cells.length < this.#column) this.#cells.push({ text: " ", look: this.look });
    this.#cells[this.#column] = { text, look: this.look };
    this.#column += 1;
  }

  moveTo(column: number): void {
    this.#column = Math.max(0, Math.min(column, Math.max(mostColumns, this.#cells.length)));
  }

  moveBy(columns: number): void {
    this.moveTo(this.#column + columns);
  }

  obey(does: string, parameters: readonly number[]): void {
    const [first = 0] = parameters;
    if (does === "m") this.look = applyRendition(this.look, parameters);
    else if (does === "K") this.#erase(first);
    else if (does === "G") this.moveTo(Math.max(first, 1) - 1);
    else if (does === "C") this.moveBy(Math.max(first, 1));
    else if (does === "D") this.moveBy(-Math.max(first, 1));
  }

  /** From the cursor on (0), up to it (1), or all (2). */
  #erase(part: number): void {
    if (part === 0) this.#cells.length = Math.min(this.#cells.length, this.#column);
    else if (part === 2) this.#cells.length = 0;
    else if (part === 1)
      for (let at = 0; at <= this.#column && at < this.#cells.length; at += 1)
        this.#cells[at] = { text: " ", look: this.look };
  }

  spans(): readonly Span[] {
    const spans: { text: string; look: Look }[] = [];
    for (const cell of this.#cells) {
      const last = spans.at(-1);
      if (last?.look === cell.look) last.text += cell.text;
      else spans.push({ ...cell });
    }
    return spans;
  }
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (isControl(text.charCodeAt(at))) return true;
  return false;
}

/** C0 and C1, but for the tab, and what turns the direction of text. */
function isControl(code: number): boolean {
  if (code < 0x20) return code !== 0x09;
  return (code >= 0x7f && code <= 0x9f) || isDirection(code);
}

const isDirection = (code: number) =>
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069) ||
  code === 0x200e ||
  code === 0x200f;

/** A sign for a character that is none: Unicode has pictures of C0; others are shown by their number. */
function pictureOf(code: number): string {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
}
