import { createHash, type Hash } from "node:crypto";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { digestEvent } from "./follow-stream.ts";

/** How a download ended. */
export interface BegunDownload {
  /** False where the connection broke, which its reader sees. */
  readonly cameToItsEnd: boolean;
  readonly sha256: string;
}

/** How a stream of events ended, whether it came to its `end` or not. */
export interface BegunStream {
  readonly lastSeq: number;
  readonly digest: Hash;
  /** How its numbers were not 1 … n; null where they were. */
  readonly fault: string | null;
}

/** An answer that has begun, of which nothing is read before `rest` is called; it never rejects. */
export interface BegunAnswer<End> {
  rest(): Promise<End>;
}

/** A download that has got its 200; null where it has not. */
export function beginDownload(url: string, stop: AbortSignal): Promise<BegunAnswer<BegunDownload> | null> {
  return begin(url, stop, async (body) => {
    const hash = createHash("sha256");
    let cameToItsEnd = true;
    try {
      for await (const piece of body) hash.update(piece);
    } catch {
      cameToItsEnd = false;
    }
    return { cameToItsEnd, sha256: hash.digest("hex") };
  });
}

/** A stream of events that has got its 200; null where it has not. */
export function beginStream(url: string, stop: AbortSignal): Promise<BegunAnswer<BegunStream> | null> {
  return begin(url, stop, async (body) => {
    const digest = createHash("sha256");
    let [lastSeq, fault]: [number, string | null] = [0, null];
    try {
      const messages = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const { id, event = "", data } of messages) {
        if (Number(id) !== lastSeq + 1) fault ??= `event ${String(id)} came after event ${String(lastSeq)}`;
        lastSeq = Number(id);
        // safety: the contract says that data is one JSON object.
        const { text = "" } = JSON.parse(data) as { text?: string };
        digestEvent(digest, lastSeq, event, event === "log" ? text : "");
      }
    } catch {
      // Cut: what came until then is looked at.
    }
    return { lastSeq, digest, fault };
  });
}

async function begin<End>(
  url: string,
  stop: AbortSignal,
  read: (body: ReadableStream<Uint8Array<ArrayBuffer>>) => Promise<End>,
): Promise<BegunAnswer<End> | null> {
  try {
    const response = await fetch(url, { signal: stop });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      return null;
    }
    let reading: Promise<End> | undefined;
    // The answer itself is held, not its body alone: undici cancels a body that nobody reads when its Response is
    // collected, and what is cancelled ends well and empty (lib/web/fetch/body.js, streamRegistry).
    return { rest: () => (reading ??= read(response.body ?? new ReadableStream())) };
  } catch {
    return null;
  }
}
