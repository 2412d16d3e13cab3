import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** The answers that each connection still waits for. */
export interface PendingAnswers {
  /** Takes one in, and gives how many this connection now waits for. */
  add(socket: Duplex, outgoing: ServerResponse): number;
  /** True where the connection has a part of an answer: whatever else were written would become part of that. */
  begun(socket: Duplex): boolean;
}

/** Counts by connection; nothing is kept of one that is gone. */
export function createPendingAnswers(): PendingAnswers {
  const bySocket = new WeakMap<Duplex, Set<ServerResponse>>();
  return {
    add: (socket, outgoing) => {
      const pending = bySocket.get(socket) ?? new Set();
      bySocket.set(socket, pending.add(outgoing));
      outgoing.once("close", () => pending.delete(outgoing));
      return pending.size;
    },
    begun: (socket) => [...(bySocket.get(socket) ?? [])].some(({ headersSent }) => headersSent),
  };
}
