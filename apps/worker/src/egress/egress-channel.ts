import type { Duplex } from "node:stream";
import {
  mostAgentConnections,
  type AgentEgressFrame,
  type WorkerEgressFrame,
} from "@longshore/shared/contracts/egress-wire";
import { type ClientConnection, createClientConnection } from "./client-connection.ts";
import { createPacedFrames, type PacedFrames, type PacedFramesDeps } from "./paced-frames.ts";
import { createTurns } from "./turns.ts";

/** All connections of one Sandbox's programs, over the stream to its agent. */
export interface EgressChannel extends Pick<PacedFrames, "take"> {
  /** Ends all connections, and takes no more. */
  close(): void;
}

export interface EgressChannelDeps extends Pick<PacedFramesDeps, "paces" | "onSlowed"> {
  /** How long a connection may be without a byte, in milliseconds. */
  readonly idleMs: number;
  /** Resolves when the stream took it; rejects when that is gone. */
  readonly send: (frame: WorkerEgressFrame) => Promise<void>;
  /** A program has connected. Whoever gets the stream ends it. */
  readonly onConnection: (stream: Duplex) => void;
  /** So many bytes of the programs' connections went by, in either direction. */
  readonly onBytes: (bytes: number) => void;
}

/** What is read is told in parts, well before the agent's window is full. */
const ackStepBytes = 24 * 1024;
/** Frames with data that wait for the stream at once: what else is to be said to the agent waits behind no more. */
const mostWaiting = 4;

export function createEgressChannel(deps: EgressChannelDeps): EgressChannel {
  const { send, onConnection, onBytes, idleMs } = deps;
  const connections = new Map<number, ClientConnection>();
  const turns = createTurns(mostWaiting);
  let lastId = 0;
  let unacknowledged = 0;

  /** A stream that is gone ends the Attempt elsewhere. */
  async function sendQuietly(frame: WorkerEgressFrame): Promise<void> {
    if (frame.type !== "egress_data") return send(frame).catch(() => undefined);
    onBytes(decodedBytes(frame.data));
    await turns.take(() => send(frame).catch(() => undefined));
  }

  function open(id: number): string | null {
    if (id <= lastId) return "the agent gave a connection's number again";
    lastId = id;
    if (connections.size >= mostAgentConnections) return "the agent opened more connections than it may";
    const connection = createClientConnection({ id, idleMs, send: sendQuietly });
    connections.set(id, connection);
    connection.stream.once("close", () => connections.delete(id));
    onConnection(connection.stream);
    return null;
  }

  function handle(frame: AgentEgressFrame, lineBytes: number): string | null {
    unacknowledged += lineBytes;
    if (unacknowledged >= ackStepBytes) {
      void sendQuietly({ type: "egress_ack", bytes: unacknowledged });
      unacknowledged = 0;
    }
    if (frame.type === "egress_open") return open(frame.connection);
    if (frame.type === "egress_data") onBytes(decodedBytes(frame.data));
    const connection = connections.get(frame.connection);
    // Its stream tells of its end only later, when the agent may have opened others in its place.
    if (frame.type === "egress_close") connections.delete(frame.connection);
    // Of one that was closed here, something may still be under way.
    return connection === undefined ? null : takeOf(connection, frame);
  }

  const frames = createPacedFrames({ ...deps, handle });
  return {
    take: frames.take,
    close() {
      frames.close();
      for (const { stream } of connections.values()) stream.destroy();
    },
  };
}

/** Gives the breach of the protocol where it is one. */
function takeOf(
  connection: ClientConnection,
  frame: Exclude<AgentEgressFrame, { type: "egress_open" }>,
): string | null {
  switch (frame.type) {
    case "egress_data": {
      const isWithin = connection.heard(Buffer.from(frame.data, "base64"));
      return isWithin ? null : "the agent sent more of a connection than it may";
    }
    case "egress_end":
      connection.heardEnd();
      return null;
    case "egress_close":
      connection.lost();
      return null;
    case "egress_credit":
      return connection.passedOn(frame.bytes) ? null : "the agent passed on more of a connection than it got";
  }
}

function decodedBytes(base64: string): number {
  return Math.floor((base64.length * 3) / 4);
}
