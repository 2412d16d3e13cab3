import { stripVTControlCharacters } from "node:util";

/** What a program printed, without colours and what else is for terminals. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\n\t]/gu, "");
}
