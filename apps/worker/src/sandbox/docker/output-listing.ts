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

/** Reads the NUL-separated records of the listing; throws where they are none, as a Job's program may have replaced them. */
export async function* readListing(source: AsyncIterable<Buffer>): AsyncGenerator<ListedOutput> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (let end = held.indexOf(0); end !== -1; end = held.indexOf(0, at)) {
      yield readRecord(held.subarray(at, end));
      at = end + 1;
    }
    held = Buffer.from(held.subarray(at));
    if (held.length > longestRecordBytes)
      throw new Error("The listing of /workspace has a record that is too long.");
  }
  if (held.length > 0) throw new Error("The listing of /workspace was cut off.");
}

function readRecord(bytes: Buffer): ListedOutput {
  const [head, readable, kind, size] = record.exec(bytes.subarray(0, 64).toString("latin1")) ?? [];
  if (head === undefined || bytes.length > longestRecordBytes)
    throw new Error("The listing of /workspace has a record that is none.");
  return {
    kind: kinds[kind ?? ""] ?? "other",
    readable: readable === "r",
    bytes: Number(size),
    path: Buffer.from(bytes.subarray(head.length)),
  };
}
