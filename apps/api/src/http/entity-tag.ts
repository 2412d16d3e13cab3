/** A strong entity tag of a hexadecimal hash. */
export function toEntityTag(hash: string): string {
  return `"${hash}"`;
}

/** If-None-Match (RFC 9110 section 13.1.2): true where the client has the representation of this tag already. */
export function matchesIfNoneMatch(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((each) => each.trim().replace(/^W\//, "") === tag);
}

/**
 * If-Range (RFC 9110 section 13.1.5): true where a Range may be answered by a part. Only the very same strong tag will do;
 * a date never fits, as archives are told apart by their tag alone.
 */
export function allowsRange(ifRange: string | undefined, tag: string): boolean {
  return ifRange === undefined || ifRange.trim() === tag;
}
