import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import {
  agentFrame,
  longestAgentFrameBytes,
  windowBytes,
  type AgentFrame,
  type WorkerFrame,
} from "@longshore/shared/contracts/agent-wire";
import { createPace, type PaceBounds } from "@longshore/shared/runtime/pace";
import type { TakeEgress } from "../sandbox-provider.ts";
import { createDemuxer, type StreamPiece } from "./demux.ts";
import { createEgressIntake } from "./egress-intake.ts";
import { createLineBuffer } from "./line-buffer.ts";
import { createLineQueue } from "./line-queue.ts";
import { createOutputsIntake } from "./outputs-intake.ts";
import { createTail } from "./printable-text.ts";
import { readFrame, type ReadFrame } from "./read-frame.ts";
import { createUnacknowledged, type Unacknowledged } from "./unacknowledged.ts";

/** The agent at the other end of a container's streams. What it says is hostile input. */
export interface AgentConnection {
  /** The next frame, of which the first is a hello and no other; or null where there will be none: the connection is gone, or `breach` says why it was cut. */
  readonly next: () => Promise<AgentFrame | null>;
  readonly breach: () => string | null;
  /** Gives what the agent says of connections to `taker`, at once, apart from the frames. */
  readonly onEgress: (taker: TakeEgress) => void;
  /**
   * What a program prints that the agent runs when the Steps are over. Null where the agent does not give it: it is much,
   * the program failed, it did not come in 20 s, nor in a moment once `hurry` aborts, or the connection is gone. Rejects
   * where `signal` aborts.
   */
  readonly output: (
    argv: readonly string[],
    signal: AbortSignal,
    hurry?: AbortSignal,
  ) => Promise<Buffer | null>;
  /** Resolves when the engine took the frame; rejects when the connection is gone or takes nothing for 30 s. */
  readonly send: (frame: WorkerFrame) => Promise<void>;
  /** The end of what the agent wrote to stderr, printable. */
  readonly stderrTail: () => string;
  readonly isOpen: () => boolean;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/**
 * Bytes of frames that may wait to be pulled, or to be acknowledged. The socket is read whether or not somebody pulls,
 * since an engine hangs on a container whose client does not read; the agent's window keeps an honest one far below:
 * what is above it is for a single longer frame, for those that are not numbered, and for what a queued line costs.
 */
const mostOpenBytes = windowBytes + longestAgentFrameBytes;
const stderrTailBytes = 4_096;
const mostStderrBytes = 1_048_576;
const sendTimeoutMs = 30_000;

/**
 * Bytes of lines that are read. More than is stored of any log, and not so much that lines which are long to parse and
 * hold nothing keep the worker from other Jobs.
 */
const linePace: PaceBounds = { perSecond: 32 * 1_048_576, burst: 32 * 1_048_576 };

/** Speaks with the agent over the stream of an attach. Owns the stream from here on. */
export function createAgentConnection(stream: Duplex, bounds = linePace): AgentConnection {
  const unacknowledged = createUnacknowledged();
  const pace = createPace(bounds);
  const source = readLines(stream, unacknowledged);
  let greeted = false;

  async function next(): Promise<AgentFrame | null> {
    const line = await source.shift();
    if (line === null) return null;
    const waitMs = pace.take(line.length);
    if (waitMs > 0) await pause(waitMs);
    if (source.breach() !== null) return null;
    const read = readAgentFrame(line);
    if (read.frame === null) return cutFor(read.reason);
    const { frame } = read;
    if ((frame.type === "hello") === greeted)
      return cutFor("The agent said hello twice, or something else before it.");
    greeted = true;
    if (frame.type === "event") unacknowledged.add(frame.seq, line.length + 1);
    return frame;
  }

  function cutFor(reason: string): null {
    source.cut(reason);
    return null;
  }

  async function send(frame: WorkerFrame): Promise<void> {
    if (frame.type === "ack") unacknowledged.acknowledge(frame.seq);
    await sendLine(stream, `${JSON.stringify(frame)}\n`);
  }

  return {
    next,
    breach: source.breach,
    onEgress: source.onEgress,
    output: (argv, signal, hurry) =>
      source.askOutputs(() => send({ type: "outputs", argv: [...argv] }), signal, hurry),
    send,
    stderrTail: source.stderrTail,
    isOpen: () => !stream.destroyed,
    ended: source.ended,
    close: source.close,
  };
}

/** Reads the stream always, and keeps its lines until they are asked for. `cut` ends it for a breach of the protocol, of which the first counts. */
function readLines(stream: Duplex, unacknowledged: Unacknowledged) {
  const queue = createLineQueue();
  const egress = createEgressIntake(cut);
  const outputs = createOutputsIntake(cut);
  const lines = createLineBuffer(longestAgentFrameBytes);
  const demuxer = createDemuxer();
  const stderr = createStderrIntake(cut);
  const ended = Promise.withResolvers<void>();
  let breach: string | null = null;

  function close(): void {
    stream.destroy();
    queue.end();
    outputs.end();
    ended.resolve();
  }

  function cut(reason: string): void {
    breach ??= reason;
    close();
  }

  function takeLine(line: Buffer): void {
    if (breach === null && !egress.take(line) && !outputs.take(line)) queue.push(line);
  }

  function take(piece: StreamPiece): void {
    if (piece.stream === "stderr") return stderr.push(piece.bytes);
    if (!lines.push(piece.bytes, takeLine)) return cut("The agent sent a line that is too long.");
    if (queue.bytes() + unacknowledged.bytes() > mostOpenBytes) cut("The agent sent more than its window.");
  }

  function takeChunk(chunk: Buffer): void {
    try {
      for (const piece of demuxer.push(chunk)) if (breach === null) take(piece);
    } catch (error) {
      cut(error instanceof Error ? error.message : "The engine's stream is broken.");
    }
  }

  stream.on("error", close);
  void readAlways(stream, takeChunk).finally(close);
  const shift = async () => {
    const line = breach === null ? await queue.shift() : null;
    return breach === null ? line : null;
  };
  const given = { onEgress: egress.giveTo, askOutputs: outputs.ask, stderrTail: stderr.text };
  return { ...given, shift, cut, close, ended: ended.promise, breach: () => breach };
}

async function readAlways(stream: Duplex, take: (chunk: Buffer) => void): Promise<void> {
  try {
    // safety: a stream without an encoding gives Buffers.
    for await (const chunk of stream) take(chunk as Buffer);
  } catch {
    // A connection that broke is one that ended: whether the container lives is the engine's to say.
  }
}

function createStderrIntake(cut: (reason: string) => void) {
  const tail = createTail(stderrTailBytes);
  let length = 0;
  return {
    push(bytes: Buffer): void {
      length += bytes.length;
      tail.push(bytes);
      if (length > mostStderrBytes) cut("The agent writes to stderr without end.");
    },
    text: tail.text,
  };
}

/** A line as a frame, or the reason why it is none. */
export function readAgentFrame(line: Buffer): ReadFrame<AgentFrame> {
  return readFrame(agentFrame, line);
}

function sendLine(stream: Duplex, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed) return reject(new Error("The connection to the agent is gone."));
    const timer = setTimeout(() => {
      stream.destroy(new Error("The agent takes nothing."));
    }, sendTimeoutMs);
    stream.write(line, (error) => {
      clearTimeout(timer);
      if (error === null || error === undefined) resolve();
      else reject(new Error("The connection to the agent is gone.", { cause: error }));
    });
  });
}
