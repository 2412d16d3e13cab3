const newline = 0x0a;
const firstBytes = 4_096;

/**
 * Collects pieces into lines. One growing buffer and not a list of pieces, as a line may come in a million of
 * them. `push` gives whole lines without their newline, as copies of their own; it returns false, and takes
 * nothing more, once a line is over `maxBytes`.
 */
export function createLineBuffer(maxBytes: number): {
  push(piece: Buffer, onLine: (line: Buffer) => void): boolean;
} {
  let held = Buffer.allocUnsafe(firstBytes);
  let length = 0;

  function append(piece: Buffer): boolean {
    if (length + piece.length > maxBytes) return false;
    if (length + piece.length > held.length) {
      const larger = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(held.length * 2, length + piece.length)));
      held.copy(larger, 0, 0, length);
      held = larger;
    }
    piece.copy(held, length);
    length += piece.length;
    return true;
  }

  function push(piece: Buffer, onLine: (line: Buffer) => void): boolean {
    let at = 0;
    for (;;) {
      const end = piece.indexOf(newline, at);
      if (end === -1) return append(piece.subarray(at));
      if (!append(piece.subarray(at, end))) return false;
      onLine(Buffer.from(held.subarray(0, length)));
      length = 0;
      at = end + 1;
    }
  }

  return { push };
}
