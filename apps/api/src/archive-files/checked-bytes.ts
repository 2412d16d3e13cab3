import { crc32 } from "node:zlib";

/**
 * The same bytes, of which the last piece is given only where all of them have the CRC-32 that the zip says: what was
 * damaged in the store ends early, and throws, and is not taken for a whole file.
 */
export async function* checkedBytes(bytes: AsyncIterable<Buffer>, expected: number): AsyncGenerator<Buffer> {
  let sum = 0;
  let last: Buffer | null = null;
  for await (const piece of bytes) {
    sum = crc32(piece, sum);
    if (last !== null) yield last;
    last = piece;
  }
  if (sum !== expected) throw new Error("a file of an archive is not as it was stored");
  if (last !== null) yield last;
}
