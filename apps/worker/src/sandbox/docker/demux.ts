const headerBytes = 8;
const stdoutKind = 1;
const stderrKind = 2;

/** A piece of what a container wrote, as it came: a frame of the engine may be many of them. */
export interface StreamPiece {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Buffer;
}

/**
 * Takes the engine's multiplexed stream apart: 8 bytes of head (kind, three zeros, length) before each piece.
 * Nothing is collected, whatever length a head claims. `push` throws on a head that is none, and must not be
 * called again after that.
 */
export function createDemuxer(): { push(chunk: Uint8Array): Iterable<StreamPiece> } {
  const head = Buffer.alloc(headerBytes);
  let headFilled = 0;
  let remaining = 0;
  let stream: StreamPiece["stream"] | null = null;

  function* push(chunk: Uint8Array): Generator<StreamPiece> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length) {
      if (remaining === 0) {
        const taken = bytes.copy(head, headFilled, at, at + headerBytes - headFilled);
        headFilled += taken;
        at += taken;
        if (headFilled < headerBytes) return;
        headFilled = 0;
        stream = streamOfHead(head);
        remaining = head.readUInt32BE(4);
        continue;
      }
      const piece = bytes.subarray(at, at + remaining);
      at += piece.length;
      remaining -= piece.length;
      if (stream !== null) yield { stream, bytes: piece };
    }
  }

  return { push };
}

/** Null for what an engine says of stdin, which is to be skipped. */
function streamOfHead(head: Buffer): StreamPiece["stream"] | null {
  const kind = head.readUInt8(0);
  if (kind > stderrKind || head.readUIntBE(1, 3) !== 0)
    throw new Error(`The engine's stream has a head that is none: ${head.toString("hex")}.`);
  if (kind === 0) return null;
  return kind === stdoutKind ? "stdout" : "stderr";
}

/** The same over a whole stream, pulled: the source is read as fast as its pieces are taken. */
export async function* demux(source: AsyncIterable<Uint8Array>): AsyncGenerator<StreamPiece> {
  const demuxer = createDemuxer();
  for await (const chunk of source) yield* demuxer.push(chunk);
}
