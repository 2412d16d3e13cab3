/** Reads a stream of chunks in pieces of wanted sizes. Chunks are pulled one at a time: it buffers no more than one and a piece. */
export interface ByteReader {
  /** The next `length` bytes; null where the stream ends before. `length` is to be small: the piece is kept in memory. */
  readExactly(length: number): Promise<Buffer | null>;
  /** The next 1 to `most` bytes, without copying; null at the end. */
  readSome(most: number): Promise<Buffer | null>;
  /** Lets go of the stream. */
  close(): void;
}

/**
 * Reads from `source`, which may be hostile or hang: once `signal` aborts, reading rejects with its reason,
 * whatever the source does.
 */
export function createByteReader(source: AsyncIterable<Uint8Array>, signal: AbortSignal): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let chunk: Buffer = Buffer.alloc(0);
  let ended = false;

  const pull = async (): Promise<boolean> => {
    while (!ended && chunk.length === 0) {
      const next = await unlessAborted(iterator.next(), signal);
      if (next.done === true) ended = true;
      else chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
    return !ended;
  };
  const take = (length: number): Buffer => {
    const taken = chunk.subarray(0, length);
    chunk = chunk.subarray(taken.length);
    return taken;
  };

  return {
    readExactly: async (length) => {
      if (chunk.length >= length) return take(length);
      const pieces: Buffer[] = [];
      for (let missing = length; missing > 0;) {
        if (chunk.length === 0 && !(await pull())) return null;
        const piece = take(missing);
        pieces.push(piece);
        missing -= piece.length;
      }
      return Buffer.concat(pieces, length);
    },
    readSome: async (most) => (chunk.length > 0 || (await pull()) ? take(most) : null),
    close: () => {
      ended = true;
      // Not awaited: a generator that hangs in next() answers return() only after it. Its owner bounds it by its own signal.
      iterator.return?.().catch(() => undefined);
    },
  };
}

async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
