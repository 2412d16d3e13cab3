import type { ListedOutput } from "../sandbox/sandbox-provider.ts";
import type { LeftOut } from "./write-archive.ts";

// As many as the manifest can take of any tree; what a hostile one has more is not worth a line each.
const mostLeftOut = 100_000;

// What tar can open by one name, which it begins with "./": PATH_MAX has 4,096 bytes, and the NUL is one of them.
const longestOpenedBytes = 4_093;

const reasons: Readonly<Record<ListedOutput["kind"], string | null>> = {
  file: null,
  folder: null,
  link: null,
  socket: "it is a socket",
  fifo: "it is a FIFO",
  device: "it is a device node",
  other: "it is of a kind that is not supported",
};

/** Of everything below /workspace what its tar leaves out without a word, each with the reason. */
export async function findLeftOut(
  listing: AsyncIterable<ListedOutput>,
  maxFileBytes: number,
): Promise<readonly LeftOut[]> {
  const leftOut: LeftOut[] = [];
  for await (const { kind, readable, bytes, path } of listing) {
    if (leftOut.length >= mostLeftOut) break;
    const reason = reasons[kind];
    if (reason !== null) leftOut.push({ path, reason });
    else if (kind === "file" && bytes > maxFileBytes) {
      leftOut.push({
        path,
        reason: `it has ${String(bytes)} bytes, more than limits.output_mb`,
        tooLarge: true,
      });
    } else if (kind !== "link" && !readable)
      leftOut.push({ path, reason: "it cannot be read by the job's own user" });
    else if (path.length > longestOpenedBytes) leftOut.push({ path, reason: "its path is over 4096 bytes" });
  }
  return leftOut;
}
