import type { AgentFrame } from "@longshore/shared/contracts/agent-wire";

/**
 * Holds an agent to the order of its protocol: its numbers go 1, 2, 3 …, as what is acknowledged by number is forgotten
 * by number, and who was told that no plan is left asks for none.
 */
export interface FrameSequence {
  /** Takes the next frame. Gives the breach of the protocol where it is not due, else null. */
  take(frame: AgentFrame): string | null;
  /** The agent was told that there is no plan for it. */
  noPlanLeft(): void;
  /** True once: the plan that an earlier owner had may be sent again, as it may not have arrived. */
  mayRepeatPlan(): boolean;
}

/** The sequence of an agent whose frames up to `after` are on disk. */
export function createFrameSequence(after: number): FrameSequence {
  let last = after;
  let mayAsk = true;
  let mayRepeat = true;
  return {
    take: (frame) => {
      if (frame.type === "model_request" && !mayAsk)
        return "the agent asked for a plan after it was told that there is none";
      if (!("seq" in frame)) return null;
      if (frame.seq !== last + 1) return `the agent sent frame ${String(frame.seq)} after ${String(last)}`;
      last = frame.seq;
      return null;
    },
    mayRepeatPlan: () => {
      const may = mayRepeat;
      mayRepeat = false;
      return may;
    },
    noPlanLeft: () => {
      mayAsk = false;
    },
  };
}
