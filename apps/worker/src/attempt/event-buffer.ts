import type { NewEvent } from "@longshore/shared/contracts/event";
import type { JobProgress } from "@longshore/shared/db/append-events";

/** What one statement appends. */
export interface EventBatch {
  readonly events: readonly NewEvent[];
  readonly progress: JobProgress;
  /** Number of the last frame of the agent whose Events are all in it or before it; 0 where there is none. */
  readonly agentSeq: number;
}

/** Events that wait to be written, and the change of the Job's row that goes with the last of them. */
export interface EventBuffer {
  add(events: readonly NewEvent[], progress: JobProgress): void;
  frameDone(agentSeq: number): void;
  isEmpty(): boolean;
  /** Takes the oldest Events, at most `most`. */
  take(most: number): EventBatch;
}

/** An empty buffer. What waits in it is bounded by the agent's window: frames are acknowledged once on disk. */
export function createEventBuffer(): EventBuffer {
  let events: NewEvent[] = [];
  let progress: JobProgress = {};
  let agentSeq = 0;
  let changed = false;
  return {
    add: (more, change) => {
      for (const event of more) events.push(event);
      progress = { ...progress, ...change };
      changed = true;
    },
    frameDone: (seq) => {
      agentSeq = seq;
      changed = true;
    },
    isEmpty: () => !changed && events.length === 0,
    take: (most) => {
      const oldest = events.slice(0, most);
      events = events.slice(most);
      // The progress belongs to the last Events: it goes with the batch that has them.
      if (events.length > 0) return { events: oldest, progress: {}, agentSeq: 0 };
      const batch = {
        events: oldest,
        progress: agentSeq > 0 ? { ...progress, agentSeq } : progress,
        agentSeq,
      };
      progress = {};
      changed = false;
      return batch;
    },
  };
}
