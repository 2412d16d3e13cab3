import type { Readable } from "node:stream";
import { CliError } from "../cli-error.ts";

/** What comes on stdin: to one reader, as it comes once. */
export interface Stdin {
  /** All of it, until its end. Throws a CliError where it is more than `largestBytes`, or was read before. */
  bytes(largestBytes: number): Promise<Buffer>;
  /** The same as text. */
  text(largestBytes: number): Promise<string>;
}

/** `stop` ends the waiting, as whoever writes may take for ever. */
export function createStdin(stdin: Readable, stop: AbortSignal): Stdin {
  let isTaken = false;
  const bytes: Stdin["bytes"] = async (largestBytes) => {
    if (isTaken)
      throw new CliError(
        "wrong_use",
        "stdin is asked for twice",
        "It comes once: give the other one as a file.",
      );
    isTaken = true;
    const leave = () => stdin.destroy();
    stop.addEventListener("abort", leave, { once: true });
    try {
      stop.throwIfAborted();
      return await readAll(stdin, largestBytes);
    } catch (error) {
      stop.throwIfAborted();
      throw error;
    } finally {
      stop.removeEventListener("abort", leave);
    }
  };
  return { bytes, text: async (largestBytes) => (await bytes(largestBytes)).toString("utf8") };
}

async function readAll(stdin: AsyncIterable<Buffer | string>, largestBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stdin) {
    const buffer = Buffer.from(piece);
    bytes += buffer.byteLength;
    if (bytes > largestBytes)
      throw new CliError(
        "wrong_use",
        `What comes on stdin is more than ${String(largestBytes)} bytes`,
        "Give less.",
      );
    pieces.push(buffer);
  }
  return Buffer.concat(pieces);
}
