/** A spelling of a secret, and the length from which on a piece of it is masked. */
export interface SecretForm {
  readonly text: string;
  /** In UTF-16 code units, `shortestForm` to `longestWindow`: each piece of the text that is so long is masked. */
  readonly window: number;
}

/** A shorter piece of text is no secret: it would be found everywhere. In UTF-16 code units. */
export const shortestForm = 4;
/** No window is longer, so that no more than this has to be kept back of a line that goes on. */
export const longestWindow = 32;

// Tools wrap what they encode (base64 at 76, xxd at 60 characters), so that lines hold pieces: 9 bytes and 8 bytes here.
const base64Window = 12;
const hexWindow = 16;

/**
 * Every spelling in which a secret is looked for: as it is, each of its lines, quoted for JSON, Python and shells,
 * percent-encoded, hexadecimal, and base64 at each of its three alignments. Those shorter than `shortestForm` are left out.
 */
export function secretForms(secret: string): readonly SecretForm[] {
  const forms = new Map<string, number>();
  const add = (text: string, window: number): void => {
    if (text.length < shortestForm) return;
    forms.set(text, Math.min(forms.get(text) ?? Number.POSITIVE_INFINITY, window));
  };
  for (const text of spellings(secret)) add(text, rawWindow(text.length));
  const bytes = Buffer.from(secret, "utf8");
  const hex = bytes.toString("hex");
  for (const text of [hex, hex.toUpperCase()]) add(text, Math.min(text.length, hexWindow));
  for (const text of base64Forms(bytes)) add(text, Math.min(text.length, base64Window));
  return [...forms].map(([text, window]) => ({ text, window }));
}

/** The lines of a secret, or of a spelling of it, that are long enough to be looked for. */
export function secretLines(text: string): readonly string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestForm);
}

/** Whole up to 16; of longer ones a piece is enough that nobody writes by chance. */
function rawWindow(length: number): number {
  if (length < 16) return length;
  return length < 24 ? 16 : length < longestWindow ? 24 : longestWindow;
}

/** A log is lines, and what surrounds them (indentation, CR) may be lost on the way: so a secret is looked for by its lines. */
function spellings(secret: string): readonly string[] {
  return [
    ...secretLines(secret),
    ...[secret, secret.trim()].flatMap((text) => [...quoted(text), ...percentEncoded(text)]),
  ];
}

function quoted(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${hexOf(unit, 4)}`);
  const repr = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return [
    ...[json, ascii, json.replaceAll("/", "\\/")],
    // Python's repr, and $'…' of shells; then '…' and "…" of shells, Python's way of the former, and bash's %q.
    ...[repr, repr.replaceAll("'", "\\'")].flatMap((each) => [each, ...inBytes(each)]),
    ...[text.replaceAll("'", "'\\''"), text.replaceAll(/[\\"$`]/g, "\\$&"), text.replaceAll("'", `'"'"'`)],
    text.replaceAll(/[\s!"$&'()*,;<>?[\\\]^`{|}]/g, "\\$&"),
    ...inMarkup(text),
  ].flatMap(secretLines);
}

/** HTML and XML, of which each library writes the quotes in its own way. */
function inMarkup(text: string): readonly string[] {
  const bare = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const named = bare.replaceAll('"', "&quot;");
  return [
    ...[bare, named, named.replaceAll("'", "&#x27;"), named.replaceAll("'", "&#39;")],
    bare.replaceAll('"', "&#34;").replaceAll("'", "&#39;"),
  ];
}

/** What is no ASCII as the bytes of its UTF-8 (Python's bytes, C, git's names), or by its number (Python's ascii). */
function inBytes(text: string): readonly string[] {
  const foreign = /[\u{80}-\u{10ffff}]/gu;
  const bytewise = (write: (byte: number) => string) =>
    text.replaceAll(foreign, (character) => Array.from(Buffer.from(character), write).join(""));
  return [
    bytewise((byte) => `\\x${byte.toString(16)}`),
    bytewise((byte) => `\\${byte.toString(8)}`),
    text.replaceAll(foreign, (character) => {
      const number = character.codePointAt(0) ?? 0;
      if (number < 0x1_00) return `\\x${number.toString(16)}`;
      return number < 0x1_00_00
        ? `\\u${number.toString(16).padStart(4, "0")}`
        : `\\U${number.toString(16).padStart(8, "0")}`;
    }),
  ];
}

function percentEncoded(text: string): readonly string[] {
  const loose = encodeURIComponent(text);
  const strict = loose.replaceAll(/[!'()*]/g, (unit) => `%${hexOf(unit, 2).toUpperCase()}`);
  const upper = [loose, strict, strict.replaceAll("%2F", "/"), strict.replaceAll("%20", "+")];
  return [...upper, ...upper.map((each) => each.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function hexOf(unit: string, digits: number): string {
  return unit.charCodeAt(0).toString(16).padStart(digits, "0");
}

/** What base64 of any text that holds the bytes has of them: the characters that no neighbour has a part in. */
function base64Forms(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const standard = padded.toString("base64").slice(first, Math.floor((padded.length * 8) / 6));
    return [standard, standard.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
