import { z } from "zod";

/** Characters are Unicode code points, as everywhere in the contract. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** True where Postgres and JSON can carry the text as it is: no NUL, no lone surrogate. */
export function isCleanText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** A string without NUL and lone surrogates, of `min` to `max` characters. */
export function cleanText(min: number, max: number) {
  return z
    .string()
    .refine(isCleanText, { error: "must not contain NUL or lone surrogates", abort: true })
    .refine((text) => text.length <= max || countCharacters(text) <= max, {
      error: `must have at most ${String(max)} characters`,
    })
    .refine((text) => countCharacters(text) >= min, {
      error: min === 1 ? "must not be empty" : `must have at least ${String(min)} characters`,
    })
    .meta({ minLength: min, maxLength: max });
}
