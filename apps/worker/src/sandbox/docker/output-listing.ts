import type { ListedOutput } from "../sandbox-provider.ts";

/**
 * So much is kept of a record. A tree that is made from inside, folder in folder, has paths of any length, although none of
 * more than 4,096 bytes can be opened.
 */
const longestRecordBytes = 8_192;
/** 19 digits: a file of a tmpfs can claim to have up to 2 ** 63 - 1 bytes. */
const record = /^([r-]) ([a-zA-Z?]) (\d{1,19}) /;
/** The listing is cut here, in the container: that of 100,000 folders in each other would be gigabytes. */
export const mostListedBytes = 64 * 1_048_576;
/** What is read beyond that is no listing of ours. */
const slackBytes = 1_048_576;
/** The record that says that all others have come. */
export const allListed = "=";

const kinds: Readonly<Record<string, ListedOutput["kind"]>> = {
  f: "file",
  d: "folder",
  l: "link",
  s: "socket",
  p: "fifo",
  b: "device",
  c: "device",
};

/**
 * Reads a listing from the head of a stream: records that each end with a NUL, then `allListed` where it was not cut off,
 * and an empty one at the end. `push` takes the next of the stream and gives back what comes after the listing, or null
 * while that has not begun; it throws where there is no end of it. At the end `onListed` is called with null, unless the
 * listing was cut off or a record was none: a program that a Job put in its place may have written it.
 */
export function createListingReader(onListed: (output: ListedOutput | null) => void): {
  push(chunk: Buffer): Buffer | null;
} {
  let held: Buffer = Buffer.alloc(0);
  let listedBytes = 0;
  // Not given before there is another one: the last of a listing that was cut off is a part of one.
  let last: ListedOutput | null = null;
  let state: "open" | "broken" | "whole" = "open";
  let ended = false;

  function take(bytes: Buffer): void {
    if (state === "whole") return;
    if (last !== null) onListed(last);
    last = null;
    if (bytes.equals(Buffer.from(allListed))) {
      if (state === "open") state = "whole";
      return;
    }
    last = readRecord(bytes);
    if (last === null) state = "broken";
  }

  return {
    push(chunk) {
      if (ended) return chunk;
      let at = 0;
      for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, at)) {
        const bytes = begun(held, chunk.subarray(at, end));
        held = Buffer.alloc(0);
        at = end + 1;
        if (bytes.length > 0) {
          take(bytes);
          continue;
        }
        ended = true;
        if (state === "whole") onListed(null);
        return chunk.subarray(at);
      }
      held = begun(held, chunk.subarray(at));
      listedBytes += chunk.length;
      if (listedBytes > mostListedBytes + slackBytes)
        throw new Error("The listing of /workspace has no end.");
      return null;
    },
  };
}

/** A record as far as it is kept, as a copy: chunks are large. */
function begun(held: Buffer, more: Buffer): Buffer {
  if (held.length >= longestRecordBytes) return held;
  return Buffer.concat([held, more.subarray(0, longestRecordBytes - held.length)]);
}

function readRecord(bytes: Buffer): ListedOutput | null {
  const [head, readable, kind, size] = record.exec(bytes.subarray(0, 64).toString("latin1")) ?? [];
  if (head === undefined) return null;
  return {
    kind: kinds[kind ?? ""] ?? "other",
    readable: readable === "r",
    bytes: Number(size),
    path: bytes.subarray(head.length),
  };
}
