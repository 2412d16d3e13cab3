import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ArchiveError } from "./archive-error.ts";
import { idInPath } from "./id-in-path.ts";
import type { OpenedStream, OpenStream } from "./open-stream.ts";
import { pause } from "./pause.ts";
import { isPassing, pauseAfter, toFailure } from "./send.ts";

export interface DownloadDeps {
  readonly open: OpenStream;
  /** For how long a broken download is taken up again without a single byte coming, in ms. */
  readonly patienceMs: number;
  readonly url: URL;
}

/**
 * The archive of a job as a stream of bytes. A connection that breaks is taken up at the next byte. The stream ends well
 * only where all bytes came and their SHA-256 is the one that the service stored; otherwise it errors (ArchiveError).
 */
export async function downloadArchive(
  deps: DownloadDeps,
  id: string,
  signal: AbortSignal | undefined,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const over = new AbortController();
  const signals = signal === undefined ? [over.signal] : [signal, over.signal];
  const pieces = readArchive(deps, id, AbortSignal.any(signals));
  // The first piece before the stream is handed over: a job without an archive is told at once.
  let next: Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> | null = Promise.resolve(
    await pieces.next(),
  );
  return new ReadableStream({
    pull: async (controller) => {
      const { value } = await (next ?? pieces.next());
      next = null;
      if (value === undefined) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      // First the line: a read that waits on it would keep the return waiting.
      over.abort();
      await pieces.return();
    },
  });
}

async function* readArchive(
  { open, patienceMs, url }: DownloadDeps,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const path = `download/${idInPath(id)}`;
  const hash = sha256.create();
  let archive: StoredArchive | null = null;
  let received = 0;
  let failures = 0;
  let lastGood = performance.now();
  while (archive === null || received < archive.bytes) {
    let stream: OpenedStream | null = null;
    let trouble: unknown = new Error("the connection ended before the archive");
    try {
      stream = await open(path, archive === null ? {} : restAfter(received, archive), signal);
      archive ??= describeArchive(stream.response);
      if (received > 0 && stream.response.status !== 206) throw new ArchiveError("the archive has changed");
      for (let piece = await stream.read(); piece !== null; piece = await stream.read()) {
        received += piece.byteLength;
        hash.update(piece);
        yield piece;
        [failures, lastGood] = [0, performance.now()];
      }
    } catch (error) {
      signal.throwIfAborted();
      trouble = error;
    } finally {
      stream?.close();
    }
    if (trouble instanceof ArchiveError) throw trouble;
    if (archive !== null && received >= archive.bytes) break;
    failures += 1;
    if (!isPassing(trouble) || performance.now() - lastGood > patienceMs) throw toFailure(trouble, url.href);
    await pause(pauseAfter(trouble, failures), signal);
  }
  if (archive.bytes !== received || bytesToHex(hash.digest()) !== archive.sha256)
    throw new ArchiveError("what came is not what was stored: its SHA-256 is another");
}

interface StoredArchive {
  readonly bytes: number;
  readonly etag: string;
  readonly sha256: string;
}

function describeArchive({ headers }: Response): StoredArchive {
  const etag = headers.get("etag") ?? "";
  const sha = /^"([0-9a-f]{64})"$/.exec(etag)?.[1];
  const bytes = Number(headers.get("content-length") ?? Number.NaN);
  if (sha === undefined || !Number.isSafeInteger(bytes))
    throw new ArchiveError(
      "the answer tells neither size nor SHA-256: something between removes its headers",
    );
  return { bytes, etag, sha256: sha };
}

function restAfter(received: number, { etag }: StoredArchive): Readonly<Record<string, string>> {
  return { Range: `bytes=${String(received)}-`, "If-Range": etag };
}
