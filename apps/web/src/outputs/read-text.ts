/** The text of a file: UTF-8, or UTF-16 where its first bytes say so, which is how some spreadsheets write it. */
export function readText(bytes: Uint8Array, isWhole: boolean): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes, { stream: !isWhole });
}

/** By the byte order mark. */
function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
