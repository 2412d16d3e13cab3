/** Levels of arrays and objects. A job has 4. */
export const deepestJson = 32;
/** Members and entries, all levels together. A job has 2,000 at most. */
export const mostJsonValues = 20_000;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const openers: ReadonlySet<number> = new Set([0x7b, 0x5b]); // { [
const closers: ReadonlySet<number> = new Set([0x7d, 0x5d]); // } ]

export type JsonExcess = "depth" | "values" | "unclosed";

/**
 * What a JSON text has more of than any job, or null; looked at before it is parsed. Parsing 32 MiB of `{},{},…` takes
 * many seconds, in which nobody is answered, and more than a gigabyte; this is a scan of some 50 ms. "unclosed" is the
 * same in a text that is no JSON, as its brackets do not match in number; a text of less is left to the parser.
 */
export function findJsonExcess(text: Uint8Array): JsonExcess | null {
  let depth = 0;
  let values = 0;
  let inString = false;
  let excess: JsonExcess | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (closers.has(byte)) depth -= 1;
    else if (byte === comma || openers.has(byte)) {
      values += 1;
      if (byte !== comma) depth += 1;
      if (depth > deepestJson) excess ??= "depth";
      if (values > mostJsonValues) excess ??= "values";
    }
  }
  return excess !== null && (inString || depth !== 0) ? "unclosed" : excess;
}
