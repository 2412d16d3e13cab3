import { Socket } from "node:net";

/** Where frames leave the agent. Never blocks; what waits is bounded by the callers (the window). */
export interface FrameWriter {
  send(frame: Buffer): void;
  /** Forgets what waits. A frame that has begun is still finished, so that the stream stays lines. */
  clear(): void;
}

/**
 * Writes to a pipe, one frame at a time. Not by process.stdout: the socket of our own says when a frame has
 * left, and leaves the agent able to hear `cancel` while nobody reads what it says.
 */
export function createFrameWriter(fd: number, onError: (error: Error) => void): FrameWriter {
  const socket = new Socket({ fd, readable: false, writable: true });
  const waiting: Buffer[] = [];
  let busy = false;

  function next(): void {
    const frame = waiting.shift();
    busy = frame !== undefined;
    if (frame !== undefined) socket.write(frame, next);
  }

  socket.on("error", onError);
  return {
    send(frame) {
      waiting.push(frame);
      if (!busy) next();
    },
    clear() {
      waiting.length = 0;
    },
  };
}
