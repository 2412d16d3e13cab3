export interface ReadBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** False where there was more than was asked for. */
  readonly isWhole: boolean;
}

/** The first `most` bytes of an answer, of which the rest is not fetched. */
export async function readUpTo({ body }: Pick<Response, "body">, most: number): Promise<ReadBytes> {
  const reader = (body ?? new Blob().stream()).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  while (length <= most) {
    const { value, done } = await reader.read();
    if (done) return { bytes: join(pieces, length), isWhole: true };
    pieces.push(value);
    length += value.length;
  }
  await reader.cancel();
  return { bytes: join(pieces, length).slice(0, most), isWhole: false };
}

function join(pieces: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
