import { Socket } from "node:net";

/** Reads one output of a Step until all who can write to it are gone. */
export interface PipeReader {
  /** Resolves at the end of the stream, or when `close` was called. */
  readonly ended: Promise<void>;
  /** Goes on reading after `onChunk` said to stop. */
  resume(): void;
  close(): void;
}

/** The size of a pipe: what one read can give. */
const bufferBytes = 64 * 1024;

/**
 * Owns `fd`. `onChunk` gets a view of a buffer that the next read overwrites, and answers whether to read on.
 * While it does not, the pipe fills and the program that writes waits.
 */
export function createPipeReader(fd: number, onChunk: (chunk: Uint8Array) => boolean): PipeReader {
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafe(bufferBytes),
      callback: (bytes, buffer) => onChunk(buffer.subarray(0, bytes)),
    },
  });
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => socket.destroy());
  socket.resume();
  return {
    ended,
    resume: () => void socket.resume(),
    close: () => void socket.destroy(),
  };
}
