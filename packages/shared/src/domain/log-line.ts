/** A longer line goes on as a next line marked `continued`. Bytes of UTF-8. */
export const longestLineBytes = 16 * 1024;

/**
 * Makes text storable in Postgres: NUL and lone surrogates become U+FFFD (Postgres refuses the first in
 * text and jsonb, and silently changes or refuses the second).
 */
export function toStorableText(text: string): string {
  return text.includes("\0") ? text.toWellFormed().replaceAll("\0", "\uFFFD") : text.toWellFormed();
}
