import { stripVTControlCharacters } from "node:util";

// What a terminal would obey, and what turns the direction of text. Tab and CR stay.
const unprintable = /(?![\t\r])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** What a person sees of a line: without colours, and whatever else a terminal would obey. */
export function toPlainText(text: string): string {
  return stripVTControlCharacters(text).replace(unprintable, "");
}
