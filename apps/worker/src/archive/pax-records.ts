import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** What a pax record says of the entry after it; the rest of it (owners, extended attributes, …) is dropped. */
export interface PaxRecord {
  readonly path: Buffer | null;
  readonly link: Buffer | null;
  readonly size: number | null;
  /** Seconds since 1970, possibly NaN. */
  readonly mtime: number | null;
  readonly sparse: boolean;
}

/**
 * Decodes the content of a pax header (type "x"): lines of `<length> <key>=<value>\n`, the length being that
 * of the whole line in bytes. Values stay bytes: a name need not be UTF-8. The failure is a sentence.
 */
export function decodePaxRecord(content: Buffer): Result<PaxRecord, string> {
  // A Map, so that no key (`__proto__`) is more than a key.
  const values = new Map<string, Buffer>();
  let sparse = false;
  for (let at = 0; at < content.length;) {
    const digits = /^[1-9][0-9]{0,7} /.exec(content.toString("latin1", at, at + 9))?.[0];
    if (digits === undefined) return fail("a pax record has no length");
    const end = at + Number.parseInt(digits, 10);
    const equals = content.indexOf(0x3d, at);
    if (end > content.length || equals < at + digits.length || equals >= end || content[end - 1] !== 0x0a)
      return fail("a pax record has a wrong length");
    const key = content.toString("latin1", at + digits.length, equals);
    sparse ||= key.startsWith("GNU.sparse.");
    values.set(key, Buffer.from(content.subarray(equals + 1, end - 1)));
    at = end;
  }
  const size = values.get("size");
  const sizeNumber = size === undefined ? null : wholeNumber(size);
  if (Number.isNaN(sizeNumber)) return fail("a pax record has an impossible size");
  const mtime = values.get("mtime");
  return succeed({
    path: values.get("path") ?? null,
    link: values.get("linkpath") ?? null,
    size: sizeNumber,
    mtime: mtime === undefined ? null : Number(mtime.toString("latin1")),
    sparse,
  });
}

function wholeNumber(digits: Buffer): number {
  const text = digits.toString("latin1");
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}
