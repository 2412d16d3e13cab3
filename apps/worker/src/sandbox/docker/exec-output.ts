import type { Readable } from "node:stream";
import { demux } from "./demux.ts";
import type { Engine } from "./engine.ts";

/** Longest silence of a program that is being read. */
const stallMs = 30_000;

export interface ExecOutputDeps {
  readonly engine: Pick<Engine, "exec">;
  /** Its name or id. */
  readonly container: string;
  readonly user: string;
  /** Streams that are open, for `end` to destroy: a client that does not read makes the engine hang. */
  readonly openStreams: Set<Readable>;
}

/**
 * What a program in the container writes to stdout, read as fast as it is taken. Throws where `signal` aborts,
 * where the program is silent for 30 s while it is waited for, and where the connection breaks. How it exited
 * is not asked: no exit code from inside proves anything.
 */
export async function* execOutput(
  { engine, container, user, openStreams }: ExecOutputDeps,
  command: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const stream = await engine.exec(container, { command, user }, signal);
  openStreams.add(stream);
  // safety: an abort reason of ours is an Error; whatever it is ends the stream.
  const onAbort = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    for await (const piece of demux(watched(stream))) if (piece.stream === "stdout") yield piece.bytes;
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", onAbort);
    openStreams.delete(stream);
    stream.on("error", () => undefined);
    stream.destroy();
  }
}

/** Destroys the stream when it gives nothing for `stallMs` while somebody waits. A slow taker is no stall. */
async function* watched(stream: Readable): AsyncGenerator<Buffer> {
  const reader = stream[Symbol.asyncIterator]();
  for (;;) {
    const timer = setTimeout(() => {
      stream.destroy(new Error(`The program in the container was silent for ${String(stallMs)} ms.`));
    }, stallMs);
    let read: IteratorResult<unknown>;
    try {
      read = await reader.next();
    } finally {
      clearTimeout(timer);
    }
    if (read.done === true) return;
    // safety: a stream without an encoding gives Buffers.
    yield read.value as Buffer;
  }
}
