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
  /** Frames up to `seq` are on disk at the worker's. `done` stays all the same: each later owner has to be told. */
  acknowledge(seq: number): void;
  /** From now on so many bytes may be sent and not acknowledged: the rest of the stream's window is for others. */
  setWindow(bytes: number): void;
  /** To a new owner, who has everything up to `after`: gives again, in order, what comes after it, and then what waits. */
  sendAgain(after: number): void;
}

interface SentFrame {
  readonly seq: number;
  readonly bytes: Buffer;
  readonly isLast: boolean;
}

export interface OutboxDeps {
  readonly send: (frame: Buffer) => void;
  /** Bytes of frames that may be sent and not acknowledged. A single larger frame goes out alone. */
  readonly windowBytes: number;
}

export function createOutbox({ send, windowBytes }: OutboxDeps): Outbox {
  let mostBytes = windowBytes;
  const waiting: Numbered[] = [];
  let sent: SentFrame[] = [];
  let sentBytes = 0;
  let lastSeq = 0;
  let tellRoom = (): void => undefined;

  function sendWaiting(): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const bytes = encodeFrame({ ...first, seq: lastSeq + 1 });
      if (sentBytes > 0 && sentBytes + bytes.length > mostBytes) return;
      lastSeq += 1;
      waiting.shift();
      sent.push({ seq: lastSeq, bytes, isLast: first.type === "done" });
      sentBytes += bytes.length;
      send(bytes);
    }
  }

  /** True where that made room in the window. */
  function forget(seq: number): boolean {
    const kept = sent.filter((frame) => frame.seq > seq || frame.isLast);
    if (kept.length === sent.length) return false;
    sent = kept;
    sentBytes = kept.reduce((sum, frame) => sum + frame.bytes.length, 0);
    return true;
  }

  function fillWindow(): void {
    sendWaiting();
    if (waiting.length === 0) tellRoom();
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
      if (forget(seq)) fillWindow();
    },
    setWindow: (bytes) => void (mostBytes = bytes),
    sendAgain(after) {
      const madeRoom = forget(after);
      // Before what the new room lets out: a worker takes frames only in the order of their numbers.
      for (const frame of sent) send(frame.bytes);
      if (madeRoom) fillWindow();
    },
  };
}

/** A frame as the line that goes over the wire. */
export function encodeFrame(frame: AgentFrame): Buffer {
  return Buffer.from(`${JSON.stringify(frame)}\n`, "utf8");
}
