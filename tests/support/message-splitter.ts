/** Cuts a PostgreSQL server's bytes into its messages (protocol 3): a type of one byte, and a length of four that counts itself. */
export function createMessageSplitter(take: (message: Buffer) => void): (piece: Buffer) => void {
  let waiting = Buffer.alloc(0);
  return (piece) => {
    waiting = Buffer.concat([waiting, piece]);
    while (waiting.length >= 5) {
      const length = 1 + waiting.readInt32BE(1);
      if (waiting.length < length) return;
      take(waiting.subarray(0, length));
      waiting = waiting.subarray(length);
    }
  };
}
