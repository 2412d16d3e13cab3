import { fail, type Result, succeed } from "@longshore/shared/domain/result";

/** Tar is made of blocks of this many bytes. */
export const tarBlockBytes = 512;

/** One header block, as it is written: nothing in it is believed yet. */
export interface TarHeader {
  /** The type flag as a character: "0" a file, "5" a folder, "x" a pax record, and so on. */
  readonly type: string;
  readonly name: Buffer;
  readonly link: Buffer;
  readonly size: number;
  readonly mode: number;
  /** Seconds since 1970, possibly NaN. */
  readonly mtime: number;
  /** For type "S": further blocks of a sparse map come before the content. */
  readonly moreSparseBlocks: boolean;
}

const checksumAt = { start: 148, end: 156 };

/** Decodes a header block; null for a block of zeros, which ends a tar. The failure is a sentence. */
export function decodeTarHeader(block: Buffer): Result<TarHeader | null, string> {
  if (isZero(block)) return succeed(null);
  if (checksum(block) !== number(block.subarray(checksumAt.start, checksumAt.end)))
    return fail("a header has a wrong checksum");
  const ustar = block.toString("latin1", 257, 263) === "ustar\0";
  if (!ustar && block.toString("latin1", 257, 265) !== "ustar  \0")
    return fail("a header has no known format");
  const size = number(block.subarray(124, 136));
  if (!Number.isSafeInteger(size) || size < 0) return fail("a header has an impossible size");
  const name = text(block.subarray(0, 100));
  const prefix = ustar ? text(block.subarray(345, 500)) : Buffer.alloc(0);
  return succeed({
    type: block[156] === 0 ? "0" : String.fromCharCode(block[156] ?? 0),
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]),
    link: text(block.subarray(157, 257)),
    size,
    mode: number(block.subarray(100, 108)),
    mtime: number(block.subarray(136, 148)),
    moreSparseBlocks: block[482] === 1,
  });
}

const zeros = Buffer.alloc(65_536);

/** True where every one of the bytes, at most 64 KiB of them, is zero. */
export function isZero(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}

function checksum(block: Buffer): number {
  // The checksum's own field counts as spaces.
  let sum = 32 * (checksumAt.end - checksumAt.start);
  for (let at = 0; at < checksumAt.start; at += 1) sum += block[at] ?? 0;
  for (let at = checksumAt.end; at < tarBlockBytes; at += 1) sum += block[at] ?? 0;
  return sum;
}

function text(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end));
}

/** A number field: octal digits, or GNU's base 256, marked by the highest bit. NaN where it is neither. */
function number(field: Buffer): number {
  const first = field[0] ?? 0;
  if (first >= 0x80) {
    // 0xff begins a negative number in two's complement; what such a field says is of no use here.
    if (first !== 0x80) return -1;
    return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  }
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field.toString("latin1"))?.[1];
  if (digits === undefined) return Number.NaN;
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
