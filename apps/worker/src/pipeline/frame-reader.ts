import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";
import { orAborted } from "./or-aborted.ts";

/** Pulls an agent's frames one at a time; a pull that was given up is not lost: the next one gets its frame. */
export interface FrameReader {
  /** The next frame, null at the end, or "aborted" where `signal` came first. */
  next(signal: AbortSignal): Promise<AgentFrame | null | "aborted">;
}

/** Reads from the frames of one Sandbox. */
export function createFrameReader(frames: AsyncIterable<AgentFrame>): FrameReader {
  const iterator = frames[Symbol.asyncIterator]();
  let pending: Promise<IteratorResult<AgentFrame>> | undefined;
  return {
    next: async (signal) => {
      if (signal.aborted) return "aborted";
      pending ??= iterator.next();
      const result = await orAborted(pending, signal);
      if (result === "aborted") return result;
      pending = undefined;
      return result.done === true ? null : result.value;
    },
  };
}
