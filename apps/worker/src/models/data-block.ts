import { createHash } from "node:crypto";

/**
 * A text as a delimited block of a prompt. The id is taken from the content itself, so that no content can hold
 * its own closing line and go on as instruction.
 */
export function dataBlock(name: string, content: string): string {
  const id = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return `<data name="${name}" id="${id}">\n${content}\n</data id="${id}">`;
}

/** The first `most` characters and a note of what is missing. */
export function headOf(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).toWellFormed()}\n[… ${String(text.length - most)} more characters]`;
}

/** The last `mostBytes` of a text's UTF-8, from a whole character on, and a note of what is missing. */
export function tailOf(text: string, mostBytes: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.byteLength <= mostBytes) return text;
  let start = bytes.byteLength - mostBytes;
  while (start < bytes.byteLength && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return `[${String(start)} bytes before …]\n${bytes.subarray(start).toString("utf8")}`;
}
