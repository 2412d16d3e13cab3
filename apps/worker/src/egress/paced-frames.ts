import { setTimeout as pause } from "node:timers/promises";
import { type AgentEgressFrame, egressWindowBytes } from "@longshore/shared/contracts/egress-wire";
import { createPace } from "@longshore/shared/runtime/pace";
import type { EgressPaces } from "./egress-paces.ts";

/** Hears that an agent is in breach of the protocol, and how: a sentence. */
type OnBreach = (reason: string) => void;

/** Frames of an agent about connections on their way to these: in order, and at a bounded rate. */
export interface PacedFrames {
  /**
   * Takes a frame of so many bytes as a line. Calls `onBreach` where that is a breach of the protocol, at once or when its
   * turn has come; nothing is handled from then on.
   */
  take(frame: AgentEgressFrame, lineBytes: number, onBreach: OnBreach): void;
  /** Forgets those that wait, and takes no more. */
  close(): void;
}

export interface PacedFramesDeps {
  /** Gives the breach of the protocol where it is one, else null. */
  readonly handle: (frame: AgentEgressFrame, lineBytes: number) => string | null;
  readonly paces: Pick<EgressPaces, "messages" | "bytes">;
  /** A rate is reached: frames wait from here on. */
  readonly onSlowed: (what: "messages" | "bytes") => void;
}

interface Waiting {
  readonly frame: AgentEgressFrame;
  readonly lineBytes: number;
  readonly onBreach: OnBreach;
}

/**
 * Each is handled at once while the rates are kept. Those that wait are not acknowledged to the agent, so that an honest
 * one waits too, having sent no more than its window; one that sends on is in breach of it.
 */
export function createPacedFrames(deps: PacedFramesDeps): PacedFrames {
  const waitMs = createWait(deps);
  const closing = new AbortController();
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let isHandling = false;

  function close(): void {
    closing.abort();
    waiting.length = 0;
  }

  async function handleAll(): Promise<void> {
    isHandling = true;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const ms = waitMs(first.lineBytes);
      if (ms > 0) await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) break;
      waiting.shift();
      waitingBytes -= first.lineBytes;
      const breach = breachOf(deps, first);
      if (breach !== null) cut(first.onBreach, breach);
    }
    isHandling = false;
  }

  function cut(onBreach: OnBreach, reason: string): void {
    close();
    onBreach(reason);
  }

  return {
    take(frame, lineBytes, onBreach) {
      if (closing.signal.aborted) return;
      waiting.push({ frame, lineBytes, onBreach });
      waitingBytes += lineBytes;
      if (!isHandling) void handleAll();
      if (waitingBytes > egressWindowBytes && !closing.signal.aborted)
        cut(onBreach, "the agent sent more of connections than its window");
    },
    close,
  };
}

/** Gives how long a frame of so many bytes is to wait, in milliseconds. */
function createWait({ paces, onSlowed }: PacedFramesDeps): (lineBytes: number) => number {
  const messages = createPace(paces.messages);
  const bytes = createPace(paces.bytes);
  return (lineBytes) => {
    const ofMessages = messages.take();
    const ofBytes = bytes.take(lineBytes);
    if (ofMessages > 0) onSlowed("messages");
    if (ofBytes > 0) onSlowed("bytes");
    return Math.max(ofMessages, ofBytes);
  };
}

/** A bug ends this agent's connection, and not the worker. */
function breachOf({ handle }: PacedFramesDeps, { frame, lineBytes }: Waiting): string | null {
  try {
    return handle(frame, lineBytes);
  } catch (error) {
    return String(error);
  }
}
