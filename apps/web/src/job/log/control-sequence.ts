/** What stands behind an escape character. */
export interface ControlSequence {
  /** The letter that says what is to be done; empty where it is nothing that a line could show. */
  readonly does: string;
  readonly parameters: readonly number[];
  /** Characters, the escape itself included. */
  readonly length: number;
}

const [bell, escape, backslash] = [0x07, 0x1b, 0x5c];
const mostParameters = 32;
const longestNumber = 6;
/** A sequence that is longer is none: its text is shown rather than swallowed. */
const longestString = 4_096;

/** Reads the control sequence (ECMA-48) that begins with the escape at `at`. */
export function readControlSequence(text: string, at: number): ControlSequence {
  const kind = text[at + 1];
  if (kind === "[") return readCsi(text, at);
  // Titles, links and the like: strings up to a bell or a string terminator.
  if (kind === "]" || kind === "P" || kind === "X" || kind === "^" || kind === "_")
    return nothing(stringLength(text, at));
  let end = at + 1;
  while (isBetween(text.charCodeAt(end), 0x20, 0x2f)) end += 1;
  return nothing(isBetween(text.charCodeAt(end), 0x30, 0x7e) ? end + 1 - at : 1);
}

function readCsi(text: string, at: number): ControlSequence {
  let end = at + 2;
  while (isBetween(text.charCodeAt(end), 0x30, 0x3f)) end += 1;
  const given = text.slice(at + 2, end);
  while (isBetween(text.charCodeAt(end), 0x20, 0x2f)) end += 1;
  if (!isBetween(text.charCodeAt(end), 0x40, 0x7e)) return nothing(1);
  // `<`, `=`, `>` and `?` begin what is private to a terminal.
  const isPrivate = isBetween(given.charCodeAt(0), 0x3c, 0x3f);
  return {
    does: isPrivate ? "" : text.charAt(end),
    parameters: isPrivate ? [] : readNumbers(given),
    length: end + 1 - at,
  };
}

function readNumbers(given: string): readonly number[] {
  return given
    .slice(0, 512)
    .split(";")
    .flatMap(withSubparameters)
    .slice(0, mostParameters)
    .map((digits) => Number(digits.slice(0, longestNumber)));
}

/**
 * Colours may have their parts behind colons (ITU T.416): there a colour of red, green and blue has the number of its colour
 * space first, mostly left empty. Of all else that is told so (the kind of an underline) the first is what is drawn.
 */
function withSubparameters(parameter: string): readonly string[] {
  if (!parameter.includes(":")) return [parameter];
  const [code = "", kind = "", ...rest] = parameter.split(":");
  if (code !== "38" && code !== "48") return [code];
  return [code, kind, ...(kind === "2" && rest.length > 3 ? rest.slice(1, 4) : rest)];
}

function stringLength(text: string, at: number): number {
  const last = Math.min(text.length, at + longestString);
  for (let end = at + 2; end < last; end += 1) {
    const code = text.charCodeAt(end);
    if (code === bell) return end + 1 - at;
    if (code === escape) return text.charCodeAt(end + 1) === backslash ? end + 2 - at : end - at;
  }
  return 1;
}

const nothing = (length: number): ControlSequence => ({ does: "", parameters: [], length });

const isBetween = (code: number, first: number, last: number) => code >= first && code <= last;
