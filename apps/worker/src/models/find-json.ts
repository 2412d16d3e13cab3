/** Characters looked at in all, so that an answer of nothing but brackets costs milliseconds. */
const mostScanned = 8 * 1024 * 1024;
/** Brackets tried in all: a text that is refused costs the parser tens of microseconds, however short it is. */
const mostTried = 5_000;

const [backslash, quote] = [0x5c, 0x22];
const openers: ReadonlySet<number> = new Set([0x7b, 0x5b]); // { [
const closers: ReadonlySet<number> = new Set([0x7d, 0x5d]); // } ]

/**
 * The JSON value that a model's text holds: the whole text, or the first object or array in it that `fits`; failing
 * that the first that is JSON at all. Tolerated: a byte order mark, reasoning in <think>, prose and code fences
 * around it, commas before a closing bracket, raw line breaks in strings. Undefined where there is none.
 */
export function findJson(text: string, fits: (value: unknown) => boolean): unknown {
  const spoken = text.replace(/^\uFEFF/, "").replace(/^\s*<think>[\s\S]*?<\/think>/, "");
  const whole = parseTolerantly(spoken.trim());
  if (whole !== undefined) return whole;
  let first: unknown;
  let scanned = 0;
  let tried = 0;
  let start = findStart(spoken, 0);
  while (start !== -1 && scanned < mostScanned && tried < mostTried) {
    const end = findEnd(spoken, start);
    const value = end === -1 ? undefined : parseTolerantly(spoken.slice(start, end));
    if (value !== undefined && fits(value)) return value;
    first ??= value;
    tried += 1;
    scanned += (end === -1 ? spoken.length : end) - start;
    start = findStart(spoken, value === undefined ? start + 1 : end); // a brace of the prose may stand before the real one
  }
  return first;
}

function findStart(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === "{" || text[at] === "[") return at;
  return -1;
}

/** Where the bracket at `start` is closed, brackets in strings left aside; -1 where it is not. */
function findEnd(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at); // several times faster than characters, on megabytes
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (openers.has(code)) depth += 1;
    else if (closers.has(code) && (depth -= 1) === 0) return at + 1;
  }
  return -1;
}

function parseTolerantly(text: string): unknown {
  return parse(text) ?? parse(mend(text));
}

/**
 * Takes commas before a closing bracket out, and writes raw line breaks and tabs in strings as JSON wants them. A
 * scan and no expression: those over strings can take quadratic time on a hostile answer.
 */
function mend(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  let comma = -1;
  let inString = false;
  const replace = (at: number, piece: string) => {
    pieces.push(text.slice(from, at), piece);
    from = at + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
      else if (character < " ") replace(at, JSON.stringify(character).slice(1, -1));
    } else if (character === ",") comma = at;
    else if (character.trim() !== "") {
      if (comma !== -1 && (character === "}" || character === "]")) replace(comma, "");
      comma = -1;
      inString = character === '"';
    }
  }
  return pieces.join("") + text.slice(from);
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined; // no JSON is an answer here
  }
}
