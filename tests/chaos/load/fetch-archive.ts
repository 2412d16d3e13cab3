import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../seeded-random.ts";

export interface FetchedArchive {
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly etag: string;
  readonly connections: number;
}

/**
 * Downloads an archive, dropping the connection at random and going on by Range and If-Range. Null where there is none
 * (404); rejects after `boundMs`, or where an answer is none of those that the contract knows.
 */
export async function fetchArchive(
  jobId: string,
  url: () => string,
  random: Random,
  boundMs: number,
): Promise<FetchedArchive | null> {
  const until = Date.now() + boundMs;
  const pieces: Buffer[] = [];
  let etag = "";
  for (let connections = 1; Date.now() < until; connections += 1) {
    const have = pieces.reduce((sum, { length }) => sum + length, 0);
    const headers: Record<string, string> =
      have === 0 ? {} : { range: `bytes=${String(have)}-`, "if-range": etag };
    const stop = AbortSignal.timeout(20_000);
    try {
      const response = await fetch(`${url()}/download/${jobId}`, { headers, signal: stop });
      if (response.status === 404) return null;
      if (response.status >= 500) throw new Error("away");
      // It left, or was cut off, after the last byte and before the end of the answer.
      if (response.status === 416 && response.headers.get("content-range") === `bytes */${String(have)}`)
        return toArchive(pieces, etag, connections);
      if (response.status !== (have === 0 ? 200 : 206))
        throw new WrongAnswer(
          `a download from byte ${String(have)} was answered with ${String(response.status)}`,
        );
      if (etag !== "" && response.headers.get("etag") !== etag)
        throw new WrongAnswer("the archive has another ETag than before");
      etag = response.headers.get("etag") ?? "";
      const whole = await readSome(response, pieces, random);
      if (!whole) continue;
      return toArchive(pieces, etag, connections);
    } catch (error) {
      if (error instanceof WrongAnswer) throw error;
      await pause(200);
    }
  }
  throw new WrongAnswer(`no whole archive within ${String(boundMs)} ms`);
}

function toArchive(pieces: readonly Buffer[], etag: string, connections: number): FetchedArchive {
  const bytes = Buffer.concat(pieces);
  return { bytes, etag, connections, sha256: createHash("sha256").update(bytes).digest("hex") };
}

class WrongAnswer extends Error {}

/** True where all of it was read; false where the reader left in the middle. */
async function readSome(response: Response, pieces: Buffer[], random: Random): Promise<boolean> {
  if (response.body === null) return true;
  const leaveAfter = random.chance(0.4) ? random.whole(1, 4_000_000) : Number.POSITIVE_INFINITY;
  let read = 0;
  for await (const piece of response.body) {
    pieces.push(Buffer.from(piece));
    read += piece.length;
    if (read > leaveAfter) return false;
  }
  return true;
}
