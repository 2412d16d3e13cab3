/** Of prompts, in one page: one has up to 400,000 bytes, and a page up to 200 Jobs. */
export const mostShownBytes = 1_024 * 1_024;

/** Jobs that one page searches. */
export const mostSearchedRows = 5_000;

// What PostgreSQL does in some tenths of a second: it makes prompts small letters, and compares from each of their
// characters on with the whole of what is looked for where somebody has made both for that.
const mostBytes = 8 * 1_024 * 1_024;
const mostComparisons = 64 * 1_024 * 1_024;

/** Of prompts, that one page searches for `q`. */
export function mostSearchedBytes(q: string): number {
  return Math.min(mostBytes, Math.floor(mostComparisons / q.length));
}
