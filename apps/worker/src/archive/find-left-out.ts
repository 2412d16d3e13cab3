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

/** What the tar of /workspace leaves out without a word, each with the reason, found as the listing comes. */
export interface LeftOutFinder {
  /** Takes the next of everything below /workspace; null says that it was all. */
  readonly take: (output: ListedOutput | null) => void;
  /** What was found; null where the listing never came to its end. */
  readonly found: () => readonly LeftOut[] | null;
}

/** Looks for what a tar without files over `maxFileBytes` leaves out. */
export function createLeftOutFinder(maxFileBytes: number): LeftOutFinder {
  const leftOut: LeftOut[] = [];
  let whole = false;
  return {
    take(output) {
      if (output === null) whole = true;
      else if (leftOut.length < mostLeftOut) {
        const why = whyLeftOut(output, maxFileBytes);
        if (why !== null) leftOut.push({ path: output.path, ...why });
      }
    },
    found: () => (whole ? leftOut : null),
  };
}

function whyLeftOut(
  { kind, readable, bytes, path }: ListedOutput,
  maxFileBytes: number,
): Omit<LeftOut, "path"> | null {
  const reason = reasons[kind];
  if (reason !== null) return { reason };
  if (kind === "file" && bytes > maxFileBytes)
    return { reason: `it has ${String(bytes)} bytes, more than limits.output_mb`, tooLarge: true };
  if (kind !== "link" && !readable) return { reason: "it cannot be read by the job's own user" };
  return path.length > longestOpenedBytes ? { reason: "its path is over 4096 bytes" } : null;
}
