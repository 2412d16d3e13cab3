import type { Socket } from "node:net";

/** Where frames leave the agent. Never blocks; what waits is bounded by the callers (the window). */
export interface FrameWriter {
  send(frame: Buffer): void;
  /** Begins no other frame, and forgets what waits. One that has begun may still leave, or stay half for ever. */
  stop(): void;
}

/**
 * Writes one frame at a time. For stdout too, instead of process.stdout: the socket of our own says when a frame has
 * left, and leaves the agent able to hear `cancel` while nobody reads what it says. Faults are the socket's, for its
 * owner to hear.
 */
export function createFrameWriter(socket: Socket): FrameWriter {
  const waiting: Buffer[] = [];
  let busy = false;
  let stopped = false;

  function next(): void {
    const frame = waiting.shift();
    busy = frame !== undefined;
    if (frame !== undefined) socket.write(frame, next);
  }

  return {
    send(frame) {
      if (stopped) return;
      waiting.push(frame);
      if (!busy) next();
    },
    stop() {
      stopped = true;
      waiting.length = 0;
    },
  };
}
