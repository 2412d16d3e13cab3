import { setTimeout as pause } from "node:timers/promises";
import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { createPace, type PaceBounds } from "@longshore/shared/runtime/pace";
import { orAborted } from "./or-aborted.ts";

/** Pulls an agent's frames one at a time; a pull that was given up is not lost: the next one gets its frame. */
export interface FrameReader {
  /** The next frame, null at the end, or "aborted" where `signal` came first. */
  next(signal: AbortSignal): Promise<AgentFrame | null | "aborted">;
}

/**
 * How many frames of one agent are taken. An honest one puts more lines into a frame when it has to wait, so that this
 * bounds no output; one that goes on sending is cut off by its window.
 */
export const framePace: PaceBounds = { perSecond: 5_000, burst: 5_000 };

/** Reads from the frames of one Sandbox, at a bounded rate. `onSlowed` is called once, when it is reached. */
export function createFrameReader(
  frames: AsyncIterable<AgentFrame>,
  bounds: PaceBounds = framePace,
  onSlowed: () => void = () => undefined,
): FrameReader {
  const iterator = frames[Symbol.asyncIterator]();
  const pace = createPace(bounds);
  let pending: Promise<IteratorResult<AgentFrame>> | undefined;
  let isSlowed = false;

  async function pull(): Promise<IteratorResult<AgentFrame>> {
    const result = await iterator.next();
    const waitMs = pace.take();
    if (waitMs === 0) return result;
    if (!isSlowed) onSlowed();
    isSlowed = true;
    await pause(waitMs);
    return result;
  }

  return {
    next: async (signal) => {
      if (signal.aborted) return "aborted";
      pending ??= pull();
      const result = await orAborted(pending, signal);
      if (result === "aborted") return result;
      pending = undefined;
      return result.done === true ? null : result.value;
    },
  };
}
