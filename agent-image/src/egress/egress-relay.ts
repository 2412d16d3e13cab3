import type { Socket } from "node:net";
import {
  agentPieceBytes,
  connectionCreditBytes,
  egressWindowBytes,
  mostAgentConnections,
  type AgentEgressFrame,
  type WorkerEgressFrame,
} from "@longshore/shared/contracts/egress-wire";

/** Carries the connections of the Sandbox's programs to the worker and back. */
export interface EgressRelay {
  /** A program has connected. The socket does not read yet, and may be half open. */
  accept(socket: Socket): void;
  take(frame: WorkerEgressFrame): void;
  /** Another worker is the owner: it knows of no connection, so all that there are end. */
  reset(): void;
}

export interface EgressRelayDeps {
  readonly send: (frame: Buffer) => void;
}

/** One connection, and what of it is to be told. */
interface Client {
  readonly id: number;
  readonly socket: Socket;
  opened: boolean;
  /** Read from the program and not sent yet. */
  pending: Buffer;
  /** Bytes that may still be sent. */
  credit: number;
  /** Bytes that were passed on to the program, and not told yet. */
  passedOn: number;
  ended: boolean;
  endTold: boolean;
  gone: boolean;
}

/** A credit is told in parts of the whole, so that a small answer costs no frame of its own. */
const creditStepBytes = connectionCreditBytes / 4;
/** The last frame may begin with hardly any room left. */
const longestFrameBytes = Math.ceil(agentPieceBytes / 3) * 4 + 128;

export function createEgressRelay({ send }: EgressRelayDeps): EgressRelay {
  const clients = new Map<number, Client>();
  let lastId = 0;
  let room = egressWindowBytes - longestFrameBytes;

  /** Sends what there is to say, a frame of each connection in turn, while the window has room. */
  function pump(): void {
    for (const client of clients.values()) {
      if (room <= 0) return;
      const frame = nextFrame(client);
      if (frame === null) {
        if (client.gone) clients.delete(client.id);
        continue;
      }
      // To the end of the row, where this loop comes by again.
      clients.delete(client.id);
      if (frame.type !== "egress_close") clients.set(client.id, client);
      const line = Buffer.from(`${JSON.stringify(frame)}\n`, "utf8");
      room -= line.length;
      send(line);
    }
  }

  return {
    accept(socket) {
      if (clients.size >= mostAgentConnections) return void socket.destroy();
      lastId += 1;
      clients.set(lastId, createClient(lastId, socket, pump));
      pump();
    },
    take(frame) {
      if (frame.type === "egress_ack") {
        room += frame.bytes;
        return pump();
      }
      const client = clients.get(frame.connection);
      // Without one, it has gone meanwhile, and the worker will hear so.
      if (client !== undefined) takeOf(client, frame, pump);
      if (frame.type === "egress_close") clients.delete(frame.connection);
    },
    reset() {
      const old = [...clients.values()];
      clients.clear();
      room = egressWindowBytes - longestFrameBytes;
      for (const { socket } of old) socket.resetAndDestroy();
    },
  };
}

/** `onNews` is called when there may be something to say of it. */
function createClient(id: number, socket: Socket, onNews: () => void): Client {
  const client: Client = {
    ...{ id, socket, opened: false, pending: Buffer.alloc(0), credit: connectionCreditBytes },
    ...{ passedOn: 0, ended: false, endTold: false, gone: false },
  };
  socket.on("readable", onNews);
  socket.on("end", () => {
    client.ended = true;
    onNews();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    client.gone = true;
    onNews();
  });
  return client;
}

function takeOf(
  client: Client,
  frame: Exclude<WorkerEgressFrame, { type: "egress_ack" }>,
  onNews: () => void,
): void {
  const { socket } = client;
  switch (frame.type) {
    case "egress_data": {
      const bytes = Buffer.from(frame.data, "base64");
      socket.write(bytes, (error) => {
        if (error !== null && error !== undefined) return;
        client.passedOn += bytes.length;
        if (client.passedOn >= creditStepBytes) onNews();
      });
      return;
    }
    case "egress_end":
      return void socket.end();
    case "egress_close":
      // What ended well is still handed out; what broke off must not look like an end to the program.
      return void (socket.writableEnded ? socket.destroySoon() : socket.resetAndDestroy());
    case "egress_credit":
      client.credit += frame.bytes;
      return onNews();
  }
}

/** The next thing to say of a connection, or null. What it gives counts as said. */
function nextFrame(client: Client): AgentEgressFrame | null {
  const { id: connection, socket } = client;
  // Of one that went before it was told of, nothing is told.
  if (!client.opened) {
    if (client.gone) return null;
    client.opened = true;
    return { type: "egress_open", connection };
  }
  if (client.passedOn >= creditStepBytes && !client.gone) {
    const bytes = client.passedOn;
    client.passedOn = 0;
    return { type: "egress_credit", connection, bytes };
  }
  if (client.pending.length === 0) client.pending = readSome(socket);
  const piece = client.pending.subarray(0, Math.min(client.credit, agentPieceBytes));
  if (piece.length > 0) {
    client.pending = client.pending.subarray(piece.length);
    client.credit -= piece.length;
    return { type: "egress_data", connection, data: piece.toString("base64") };
  }
  if (client.gone) return { type: "egress_close", connection };
  if (!client.ended || client.endTold || client.pending.length > 0) return null;
  client.endTold = true;
  return { type: "egress_end", connection };
}

function readSome(socket: Socket): Buffer {
  // safety: a socket without an encoding gives Buffers.
  return (socket.read() as Buffer | null) ?? Buffer.alloc(0);
}
