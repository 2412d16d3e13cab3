/** A date or a time in ms, NaN where it is none: JavaScript takes `5` for May 2001, and much else for a time. */
export function readDate(text: string): number {
  return /^\d{4}-\d{2}-\d{2}(?:$|[T ])/.test(text) ? Date.parse(text) : Number.NaN;
}
