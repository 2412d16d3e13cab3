import type { Duplex, PassThrough } from "node:stream";
import {
  agentFrame,
  longestAgentFrameBytes,
  type AgentEvent,
  type AgentFrame,
  type WorkerFrame,
} from "@longshore/shared/contracts/agent-wire";
import { createFrameSplitter } from "../wire/frame-splitter.ts";
import { createFrameInbox } from "./frame-inbox.ts";

type FrameOf<Type extends AgentFrame["type"]> = Extract<AgentFrame, { type: Type }>;

/** One frame of a recorded session. */
export interface RecordedFrame {
  readonly from: "agent" | "worker";
  readonly frame: unknown;
}

/** The worker's end of a connection. Keeps every frame, and acknowledges by itself unless told not to. */
export interface AgentLink {
  /** Every frame that has come, in order. */
  readonly frames: readonly AgentFrame[];
  /** Both directions. */
  readonly transcript: readonly RecordedFrame[];
  acknowledges: boolean;
  send(frame: WorkerFrame): void;
  sendRaw(text: string): void;
  /** The next frame of that type, from where the last `take` of that type stopped; waits up to a minute for it. */
  take<Type extends AgentFrame["type"]>(type: Type): Promise<FrameOf<Type>>;
  /** The next event for which `matches`, waiting as `take` does. */
  takeEvent(matches: (event: AgentEvent) => boolean): Promise<AgentEvent>;
  /** Resolves when the agent has closed its streams. */
  readonly closed: Promise<void>;
  stderr(): string;
  /** As a worker that is frozen: reads no more. */
  freeze(): void;
  /** As a worker that is killed. */
  destroy(): void;
}

export function createAgentLink(stream: Duplex, stdout: PassThrough, stderr: () => string): AgentLink {
  const transcript: RecordedFrame[] = [];
  const splitter = createFrameSplitter(longestAgentFrameBytes);
  const closed = new Promise<void>((resolve) => stdout.once("end", () => resolve()));
  const inbox = createFrameInbox(closed, () => `stderr: ${stderr()}`);
  let unacknowledged = 0;

  /** Once for all frames that came in one piece, as a worker does that stores in batches. */
  function acknowledge(): void {
    if (link.acknowledges && unacknowledged > 0) link.send({ type: "ack", seq: unacknowledged });
    unacknowledged = 0;
  }

  function takeLine(line: Buffer): void {
    const frame = agentFrame.parse(JSON.parse(line.toString("utf8")));
    transcript.push({ from: "agent", frame });
    inbox.push(frame);
    if (frame.type === "event") unacknowledged = frame.seq;
  }

  const link: AgentLink = {
    frames: inbox.frames,
    transcript,
    acknowledges: true,
    send(frame) {
      transcript.push({ from: "worker", frame });
      link.sendRaw(`${JSON.stringify(frame)}\n`);
    },
    sendRaw: (text) => void (stream.destroyed || stream.write(text)),
    take: (type) => inbox.take(type, (frame): frame is FrameOf<typeof type> => frame.type === type),
    async takeEvent(matches) {
      const isWanted = (frame: AgentFrame): frame is FrameOf<"event"> =>
        frame.type === "event" && matches(frame.event);
      return (await inbox.take("event", isWanted)).event;
    },
    closed,
    stderr,
    freeze: () => void stream.pause(),
    destroy: () => void stream.destroy(),
  };
  stream.on("error", () => undefined);
  stdout.on("data", (bytes: Buffer) => {
    if (!splitter.push(bytes, takeLine)) stream.destroy(new Error("the agent sent a line that is too long"));
    acknowledge();
  });
  return link;
}
