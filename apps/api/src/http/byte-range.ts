/** Which bytes of a whole were asked for; `start` and `end` are inclusive positions from 0. */
export type ByteRange =
  | { readonly type: "whole" }
  | { readonly type: "part"; readonly start: number; readonly end: number }
  | { readonly type: "unsatisfiable" };

const form = /^bytes\s*=\s*(?<first>\d*)\s*-\s*(?<last>\d*)$/i;

/**
 * Reads a Range header (RFC 9110 section 14) for a representation of `size` bytes. What is malformed, of another unit or of
 * several ranges is ignored, as the RFC allows: the whole is an answer to all of these.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const groups = header === undefined ? undefined : form.exec(header.trim())?.groups;
  if (groups === undefined) return { type: "whole" };
  const { first = "", last = "" } = groups;
  if (first === "" && last === "") return { type: "whole" };
  if (first === "") {
    const suffix = Number(last);
    if (suffix === 0 || size === 0) return { type: "unsatisfiable" };
    return { type: "part", start: Math.max(0, size - suffix), end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return { type: "whole" };
  return start >= size ? { type: "unsatisfiable" } : { type: "part", start, end };
}
