import type { ListedOutput } from "../sandbox-provider.ts";

/** Longest record: a path of Linux has 4,096 bytes at most, from wherever it begins. */
const longestRecordBytes = 8_192;
const record = /^([r-]) ([a-zA-Z?]) (\d{1,16}) /;

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
 * Reads a listing from the head of a stream: records that each end with a NUL, and an empty one at the end. `push` takes
 * the next of the stream and gives back what comes after the listing, or null while that has not begun; it throws
 * where a record has no end. At the end `onListed` is called with null, unless a record was none: a program that was
 * killed, or that a Job put in its place, may have written it.
 */
export function createListingReader(onListed: (output: ListedOutput | null) => void): {
  push(chunk: Buffer): Buffer | null;
} {
  let held: Buffer = Buffer.alloc(0);
  let whole = true;
  let ended = false;

  function take(bytes: Buffer): void {
    const output = readRecord(bytes);
    if (output === null) whole = false;
    else onListed(output);
  }

  return {
    push(chunk) {
      if (ended) return chunk;
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      let at = 0;
      for (let end = held.indexOf(0); end !== -1; end = held.indexOf(0, at)) {
        ended = end === at;
        if (ended) break;
        take(held.subarray(at, end));
        at = end + 1;
      }
      if (ended && whole) onListed(null);
      if (ended) return held.subarray(at + 1);
      held = Buffer.from(held.subarray(at));
      if (held.length > longestRecordBytes)
        throw new Error("The listing of /workspace has a record that is too long.");
      return null;
    },
  };
}

function readRecord(bytes: Buffer): ListedOutput | null {
  const [head, readable, kind, size] = record.exec(bytes.subarray(0, 64).toString("latin1")) ?? [];
  if (head === undefined || bytes.length > longestRecordBytes) return null;
  return {
    kind: kinds[kind ?? ""] ?? "other",
    readable: readable === "r",
    bytes: Number(size),
    path: Buffer.from(bytes.subarray(head.length)),
  };
}
