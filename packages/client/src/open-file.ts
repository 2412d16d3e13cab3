import type { OpenStream } from "./open-stream.ts";
import { toFailure, tryRepeatedly } from "./send.ts";

export interface FileDeps {
  readonly open: OpenStream;
  /** How often opening is tried again. */
  readonly retries: number;
  readonly url: URL;
}

/**
 * The answer that has one file, its body as it comes. Where that breaks off, or nothing comes of it any more, reading it
 * throws a ConnectionError: what came is not whole.
 */
export async function openFile(
  { open, retries, url }: FileDeps,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const { response, read, close } = await tryRepeatedly(() => open(path, {}, signal), {
    ...{ retries, signal, url: url.href },
  });
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
    try {
      const piece = await read();
      if (piece !== null) return controller.enqueue(piece);
      close();
      controller.close();
    } catch (error) {
      close();
      signal?.throwIfAborted();
      throw toFailure(error, url.href);
    }
  };
  return new Response(new ReadableStream({ pull, cancel: close }, { highWaterMark: 0 }), response);
}
