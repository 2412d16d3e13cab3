import { createHash } from "node:crypto";

/** SHA-256 (hexadecimal) of a JSON value, the same for every way of writing it down. */
export function jsonDigest(value: unknown): string {
  return createHash("sha256").update(toCanonicalJson(value)).digest("hex");
}

/**
 * A JSON value as text, the same for every way of writing it down: keys are sorted as in RFC 8785. Unlike that RFC's
 * form it also takes lone surrogates, which the content of a file may hold. The value must have been validated: its
 * depth is not bounded here.
 */
export function toCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${toCanonicalJson(each)}`).join(",")}}`;
}
