import type { Duplex } from "node:stream";

/** Reads the head of a connection, and leaves the rest to somebody else. */
export interface ByteIntake {
  /**
   * What has been said so far and not been taken, once that is `count` bytes; less where the connection ends before, or
   * the time is over.
   */
  atLeast(count: number): Promise<Buffer>;
  /** Forgets the first `count` bytes of what `atLeast` gave. */
  skip(count: number): void;
  /** Puts what was not taken back: the stream is as if nothing of it had been read. Nothing is read any more. */
  leave(): void;
}

/** `signal` bounds the whole. The caller never asks for more than some kilobytes. */
export function createByteIntake(stream: Duplex, signal: AbortSignal): ByteIntake {
  let held: Buffer = Buffer.alloc(0);

  function pull(): void {
    // safety: a stream without an encoding gives Buffers.
    const more = stream.read() as Buffer | null;
    if (more !== null) held = Buffer.concat([held, more]);
  }

  function moreCame(): Promise<void> {
    return new Promise((resolve) => {
      const events = ["readable", "end", "close"] as const;
      const done = (): void => {
        for (const event of events) stream.off(event, done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      for (const event of events) stream.on(event, done);
      signal.addEventListener("abort", done);
    });
  }

  return {
    async atLeast(count) {
      for (pull(); held.length < count; pull()) {
        if (stream.readableEnded || stream.destroyed || signal.aborted) break;
        await moreCame();
      }
      return held;
    },
    skip(count) {
      held = held.subarray(count);
    },
    leave() {
      if (held.length > 0 && !stream.destroyed && !stream.readableEnded) stream.unshift(held);
      held = Buffer.alloc(0);
    },
  };
}
