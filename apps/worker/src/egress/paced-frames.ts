import { setTimeout as pause } from "node:timers/promises";
import { type AgentEgressFrame, egressWindowBytes } from "@longshore/shared/contracts/egress-wire";
import { createPace } from "@longshore/shared/runtime/pace";
import type { EgressPaces } from "./egress-paces.ts";

/** Frames of an agent about connections on their way to these: in order, and at a bounded rate. */
export interface PacedFrames {
  /** Takes a frame of so many bytes as a line. Gives the breach of the protocol where there has been one, else null. */
  take(frame: AgentEgressFrame, lineBytes: number): string | null;
  /** Forgets those that wait, and takes no more. */
  close(): void;
}

export interface PacedFramesDeps {
  /** Gives the breach of the protocol where it is one, else null. */
  readonly handle: (frame: AgentEgressFrame, lineBytes: number) => string | null;
  readonly paces: Pick<EgressPaces, "messages" | "connections">;
  /** A rate is reached: frames wait from here on. */
  readonly onSlowed: (what: "messages" | "connections") => void;
}

/**
 * Each is handled at once while the rates are kept. Those that wait are not acknowledged to the agent, so that an honest
 * one waits too, having sent no more than its window; one that sends on is in breach of it.
 */
export function createPacedFrames({ handle, paces, onSlowed }: PacedFramesDeps): PacedFrames {
  const messages = createPace(paces.messages);
  const connections = createPace(paces.connections);
  const closing = new AbortController();
  const waiting: { readonly frame: AgentEgressFrame; readonly lineBytes: number }[] = [];
  let waitingBytes = 0;
  let isHandling = false;
  let breach: string | null = null;

  function waitMs({ type }: AgentEgressFrame): number {
    const ofMessage = messages.take();
    const ofConnection = type === "egress_open" ? connections.take() : 0;
    if (ofMessage > 0) onSlowed("messages");
    if (ofConnection > 0) onSlowed("connections");
    return Math.max(ofMessage, ofConnection);
  }

  async function handleAll(): Promise<void> {
    isHandling = true;
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const ms = waitMs(first.frame);
      if (ms > 0) await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) break;
      waiting.shift();
      waitingBytes -= first.lineBytes;
      breach ??= handle(first.frame, first.lineBytes);
    }
    isHandling = false;
  }

  return {
    take(frame, lineBytes) {
      if (closing.signal.aborted) return null;
      waiting.push({ frame, lineBytes });
      waitingBytes += lineBytes;
      // A bug ends this agent's connection, and not the worker.
      if (!isHandling) handleAll().catch((error: unknown) => (breach ??= String(error)));
      if (waitingBytes > egressWindowBytes) breach ??= "the agent sent more of connections than its window";
      return breach;
    },
    close() {
      closing.abort();
      waiting.length = 0;
    },
  };
}
