import { CliError } from "../cli-error.ts";

/** All that comes, as text, until its end. Throws a CliError where it is more than `largestBytes`. */
export async function readStdin(
  stdin: AsyncIterable<Buffer | string>,
  largestBytes: number,
): Promise<string> {
  return (await readStdinBytes(stdin, largestBytes)).toString("utf8");
}

/** The same, byte for byte. */
export async function readStdinBytes(
  stdin: AsyncIterable<Buffer | string>,
  largestBytes: number,
): Promise<Buffer> {
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
