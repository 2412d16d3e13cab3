import { createFrameSplitter } from "../wire/frame-splitter.ts";
import { readOwnerFrame, type OwnerFrame } from "../wire/read-worker-frame.ts";
import type { Connection, Ownership } from "./ownership.ts";

/** The longest line of a worker: a plan of a body of 32 MiB, with room for its escapes. */
const longestFrameBytes = 64 * 1024 * 1024;

export interface OwnerInputDeps {
  readonly ownership: Pick<Ownership, "isOwner">;
  /** The owner is there; called before what it says is taken. */
  readonly heard: () => void;
  readonly take: (frame: OwnerFrame) => void;
  /** The owner speaks another language than the agent. A sentence. */
  readonly onGarbage: (reason: string) => void;
}

/**
 * What comes in on a connection, as frames, for as long as that is the owner's; from then on it is thrown away, whole or
 * not, and cannot be garbage any more.
 */
export function createOwnerInput(
  connection: Connection,
  { ownership, heard, take, onGarbage }: OwnerInputDeps,
): (bytes: Buffer) => void {
  let splitter: ReturnType<typeof createFrameSplitter> | null = createFrameSplitter(longestFrameBytes);

  function takeLine(line: Buffer): void {
    const frame = readOwnerFrame(line);
    if (frame === null) onGarbage("the worker sent a line that is no frame");
    else take(frame);
  }

  return (bytes) => {
    // Half a frame of up to 64 MiB may lie in it.
    if (!ownership.isOwner(connection)) splitter = null;
    if (splitter === null) return;
    heard();
    if (!splitter.push(bytes, takeLine)) onGarbage("the worker sent a line that is too long");
  };
}
