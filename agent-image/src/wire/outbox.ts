import type { AgentEvent, AgentFrame } from "@longshore/shared/contracts/agent-wire";

/** What is numbered, before it has its number. */
export type Numbered = { readonly type: "event"; readonly event: AgentEvent } | { readonly type: "done" };

/** The numbered frames on their way to the worker: 1, 2, 3 … without gaps, each kept until it is acknowledged. */
export interface Outbox {
  /** Sends it, or keeps it until the window has room. Callers with much to say first ask `hasRoom`. */
  offer(numbered: Numbered): void;
  /** True where the next offer is sent at once (or nearly: one frame may have to wait). */
  hasRoom(): boolean;
  /** Calls `listener` each time that room came about. Replaces the listener before. */
  onRoom(listener: () => void): void;
  /** Frames up to `seq` are on disk at the worker's. */
  acknowledge(seq: number): void;
  /** Gives again, in order, every frame that was sent and not acknowledged. */
  sendAgain(): void;
}

interface SentFrame {
  readonly seq: number;
  readonly bytes: Buffer;
}

export interface OutboxDeps {
  readonly send: (frame: Buffer) => void;
  /** Bytes of frames that may be sent and not acknowledged. A single larger frame goes out alone. */
  readonly windowBytes: number;
}

export function createOutbox({ send, windowBytes }: OutboxDeps): Outbox {
  const waiting: Numbered[] = [];
  let sent: SentFrame[] = [];
  let sentBytes = 0;
  let lastSeq = 0;
  let tellRoom = (): void => undefined;

  function sendWaiting(): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const bytes = encodeFrame({ ...first, seq: lastSeq + 1 });
      if (sentBytes > 0 && sentBytes + bytes.length > windowBytes) return;
      lastSeq += 1;
      waiting.shift();
      sent.push({ seq: lastSeq, bytes });
      sentBytes += bytes.length;
      send(bytes);
    }
  }

  return {
    offer(numbered) {
      waiting.push(numbered);
      sendWaiting();
    },
    hasRoom: () => waiting.length === 0,
    onRoom(listener) {
      tellRoom = listener;
    },
    acknowledge(seq) {
      const kept = sent.filter((frame) => frame.seq > seq);
      if (kept.length === sent.length) return;
      sent = kept;
      sentBytes = kept.reduce((sum, frame) => sum + frame.bytes.length, 0);
      sendWaiting();
      if (waiting.length === 0) tellRoom();
    },
    sendAgain() {
      for (const frame of sent) send(frame.bytes);
    },
  };
}

/** A frame as the line that goes over the wire. */
export function encodeFrame(frame: AgentFrame): Buffer {
  return Buffer.from(`${JSON.stringify(frame)}\n`, "utf8");
}
