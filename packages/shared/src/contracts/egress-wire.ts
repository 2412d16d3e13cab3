import * as z from "zod/mini";

/**
 * The part of the talk between worker and agent that carries connections of the Sandbox's programs. The agent knows
 * nothing of what they say: it takes them in on the Sandbox's loopback and passes bytes on; the worker is the proxy that
 * they speak with. None of these frames is numbered, kept or sent again: who takes a Sandbox over begins with no
 * connection, and the agent closes those that there were.
 *
 * Two kinds of credit bound what is under way. Of each connection, a side sends no more than `connectionCreditBytes` that
 * the other has not yet passed on (`egress_credit`); and the agent has no more than `egressWindowBytes` of such frames on
 * the stream that the worker has not yet read (`egress_ack`), as unread bytes there can make the engine hang.
 */

/** Bytes of lines that the agent may have sent and not yet seen read. The other window of the stream is that much smaller. */
export const egressWindowBytes = 96 * 1024;

/** Bytes that a side may have sent on a connection and not yet seen passed on. */
export const connectionCreditBytes = 256 * 1024;

/** Longest piece of a connection in one frame of the agent, in bytes before base64. */
export const agentPieceBytes = 16 * 1024;

/** The same in a frame of the worker. */
export const workerPieceBytes = 48 * 1024;

/** Most connections at once that the agent takes in. The worker's own bound is lower, and told to the programs. */
export const mostAgentConnections = 128;

const connection = z.int().check(z.gte(1));
const bytes = z.int().check(z.gte(1));
const base64Length = (pieceBytes: number): number => Math.ceil(pieceBytes / 3) * 4;

/** Longest line of the agent about connections: its longest piece, and what is around it. */
export const longestAgentEgressLineBytes = base64Length(agentPieceBytes) + 128;

/** The sender will say no more on it; the other may. */
const end = z.strictObject({ type: z.literal("egress_end"), connection });
/** It is gone, with whatever was under way. The other side answers nothing. */
const close = z.strictObject({ type: z.literal("egress_close"), connection });
/** So many more bytes of the connection have been passed on, and may be sent. */
const credit = z.strictObject({ type: z.literal("egress_credit"), connection, bytes });

const data = (pieceBytes: number) =>
  z.strictObject({
    type: z.literal("egress_data"),
    connection,
    data: z.string().check(z.minLength(1), z.maxLength(base64Length(pieceBytes))),
  });

/** What the agent says of connections. Hostile input. */
export const agentEgressFrame = z.discriminatedUnion("type", [
  /** A program has connected. Numbers go up, and none comes twice. */
  z.strictObject({ type: z.literal("egress_open"), connection }),
  data(agentPieceBytes),
  end,
  close,
  credit,
]);

export type AgentEgressFrame = z.output<typeof agentEgressFrame>;

/** What the worker says of them. */
export const workerEgressFrame = z.discriminatedUnion("type", [
  data(workerPieceBytes),
  end,
  close,
  credit,
  /** So many more bytes of the agent's egress frames, as lines, have been read. */
  z.strictObject({ type: z.literal("egress_ack"), bytes }),
]);

export type WorkerEgressFrame = z.output<typeof workerEgressFrame>;
