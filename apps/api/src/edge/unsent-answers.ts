import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What is written of answers and not sent yet: Node holds a piece whole until the kernel has taken the last of it. */
export interface UnsentAnswers {
  /** To be told of each answer before anything of it is written. */
  watch(socket: Socket, outgoing: ServerResponse): void;
}

export interface UnsentBounds {
  /** Of all connections together. */
  readonly maxUnsentBytes: number;
  /** An answer that has begun, and of which the client takes nothing for so long, is given up. */
  readonly untakenMs: number;
}

/**
 * Gives up connections whose clients take nothing, and where all together are more than this process is to hold, those
 * that have taken nothing for longest: a client that reads has its answer long before that.
 */
export function createUnsentAnswers({ maxUnsentBytes, untakenMs }: UnsentBounds): UnsentAnswers {
  // Those that have taken nothing for longest first.
  const unsent = new Map<Socket, number>();
  const known = new WeakSet<Socket>();
  let allBytes = 0;
  const forget = (socket: Socket) => {
    allBytes -= unsent.get(socket) ?? 0;
    unsent.delete(socket);
  };
  const add = (socket: Socket, bytes: number) => {
    if (!known.has(socket)) socket.once("close", () => forget(socket));
    known.add(socket);
    unsent.set(socket, (unsent.get(socket) ?? 0) + bytes);
    allBytes += bytes;
    for (const oldest of unsent.keys()) {
      if (allBytes <= maxUnsentBytes) return;
      forget(oldest);
      oldest.destroy();
    }
  };
  const sent = (socket: Socket, bytes: number) => {
    const held = unsent.get(socket);
    if (held === undefined) return;
    // Behind the others: it has just taken something.
    unsent.delete(socket);
    if (held > bytes) unsent.set(socket, held - bytes);
    allBytes -= Math.min(held, bytes);
  };
  return {
    watch: (socket, outgoing) => {
      const write = outgoing.write.bind(outgoing);
      // Of its forms the one that answers are written by: node-server passes on what a Response gives, piece by piece.
      outgoing.write = (piece: Uint8Array) => {
        if (!unsent.has(socket)) outgoing.setTimeout(untakenMs);
        if (!socket.destroyed) add(socket, piece.length);
        return write(piece, () => sent(socket, piece.length));
      };
    },
  };
}
