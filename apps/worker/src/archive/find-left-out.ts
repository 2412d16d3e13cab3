import type { ListedOutput } from "../sandbox/sandbox-provider.ts";
import { mostSegments, splitAtSlashes, tooDeep } from "./entry-name.ts";
import type { LeftOut } from "./write-archive.ts";

// Of names, together: more than the manifest tells, and no more than a worker can hold for each of its jobs.
const mostNamedBytes = 16 * 1_048_576;

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
  /** False where the listing never came to its end. */
  readonly isWhole: () => boolean;
  /** What was found; what is beyond a bound is counted. */
  readonly found: () => readonly LeftOut[];
}

/** Looks for what a tar without files over `maxFileBytes` leaves out. */
export function createLeftOutFinder(maxFileBytes: number): LeftOutFinder {
  const leftOut: LeftOut[] = [];
  const seen = { whole: false, tooLarge: false, namedBytes: 0, unnamed: 0 };
  return {
    take(output) {
      if (output === null) seen.whole = true;
      const why = output === null ? null : whyLeftOut(output, maxFileBytes);
      if (output === null || why === null) return;
      const { path } = output;
      seen.namedBytes += path.length;
      // The first that makes the outputs too large is told in any case, as it is the job's failure.
      const isNews = why.tooLarge === true && !seen.tooLarge;
      if (seen.namedBytes > mostNamedBytes && !isNews) seen.unnamed += 1;
      else leftOut.push({ path, ...why });
      seen.tooLarge ||= isNews;
    },
    isWhole: () => seen.whole,
    found: () => [
      ...leftOut,
      ...(seen.unnamed === 0
        ? []
        : [others(`${String(seen.unnamed)} more were left out, and are not named here`)]),
      ...(seen.whole ? [] : [others("what else was left out could not be listed")]),
    ],
  };
}

function others(reason: string): LeftOut {
  return { path: Buffer.from("…"), reason };
}

function whyLeftOut(
  { kind, readable, bytes, path }: ListedOutput,
  maxFileBytes: number,
): Omit<LeftOut, "path"> | null {
  const reason = reasons[kind];
  if (reason !== null) return { reason };
  if (kind === "file" && bytes > maxFileBytes)
    return {
      reason: `it has ${String(bytes)} bytes, more than the ${String(maxFileBytes)} of limits.output_mb`,
      tooLarge: true,
    };
  if (kind !== "link" && !readable) return { reason: "it cannot be read by the job's own user" };
  if (path.length > longestOpenedBytes) return { reason: "its path is over 4096 bytes" };
  return splitAtSlashes(path).length > mostSegments ? { reason: tooDeep } : null;
}
