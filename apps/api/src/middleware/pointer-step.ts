/** Longer than any name of ours, and than any that is mistyped. */
const longestName = 200;

/**
 * One step of a JSON pointer (RFC 6901). A name of the request that is longer is cut: it can be the whole body, and a
 * problem tells it several times.
 */
export function toPointerStep(name: PropertyKey): string {
  const text = String(name);
  const shown = text.length > longestName ? `${text.slice(0, longestName).toWellFormed()}…` : text;
  return `/${shown.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
