import type { NewEvent } from "@longshore/shared/contracts/event";
import type { JobProgress } from "@longshore/shared/db/append-events";

/** Takes a unit: see EventBuffer. */
export type PutUnit = (events: readonly NewEvent[], progress: JobProgress, agentSeq: number) => void;

/** Gathers Events into units: each alone, or all that one piece of work adds together. */
export interface EventUnits {
  add(events: readonly NewEvent[], progress: JobProgress): void;
  /** `seqAfter` gives, from what the work gave, the frame that it was about, or 0. */
  gather<Value>(work: () => Value, seqAfter: (value: Value) => number): Value;
}

/** Gives each unit to `put` when it is whole. */
export function createEventUnits(put: PutUnit): EventUnits {
  let open: { events: NewEvent[]; progress: JobProgress } | null = null;
  return {
    add: (events, progress) => {
      if (open === null) return put(events, progress, 0);
      open.events.push(...events);
      open.progress = { ...open.progress, ...progress };
    },
    gather: (work, seqAfter) => {
      if (open !== null) return work();
      const unit: { events: NewEvent[]; progress: JobProgress } = { events: [], progress: {} };
      open = unit;
      let seq = 0;
      try {
        const value = work();
        seq = seqAfter(value);
        return value;
      } finally {
        open = null;
        put(unit.events, unit.progress, seq);
      }
    },
  };
}
