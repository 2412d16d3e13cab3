export interface StreamBodyOptions {
  /** Aborts where the reader is gone or too slow, for the source to stop. */
  readonly stop: AbortController;
  /** How long one piece may wait to be taken. */
  readonly patienceMs: number;
  /** Called once where the reader did not take a piece in time; has to cut the connection. */
  readonly onSlowReader: () => void;
  /** Called once, however it ended. */
  readonly onClose: () => void;
}

/**
 * A response body that asks its source for a piece only when the connection has taken the one before: nothing piles
 * up here. A reader that takes nothing for `patienceMs` is dropped; it loses nothing, as it can resume.
 */
export function streamBody(
  source: AsyncGenerator<string, void>,
  { stop, patienceMs, onSlowReader, onClose }: StreamBodyOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let patience: NodeJS.Timeout | undefined;
  let open = true;
  const close = () => {
    clearTimeout(patience);
    if (!open) return;
    open = false;
    stop.abort();
    onClose();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(patience);
        const piece = await nextPiece(source, close);
        if (!open) return;
        if (piece === null) {
          close();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(piece));
        patience = setTimeout(() => {
          close();
          onSlowReader();
        }, patienceMs);
      },
      async cancel() {
        close();
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function nextPiece(source: AsyncGenerator<string, void>, close: () => void): Promise<string | null> {
  try {
    const { value, done } = await source.next();
    return done === true ? null : value;
  } catch (error) {
    close();
    throw error;
  }
}
