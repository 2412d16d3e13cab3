import type { NewEvent } from "@longshore/shared/contracts/event";
import type { JobProgress } from "@longshore/shared/db/append-events";

/** What one statement appends. */
export interface EventBatch {
  readonly events: readonly NewEvent[];
  readonly progress: JobProgress;
  /** Number of the last frame of the agent whose Events are in it; 0 where there is none. */
  readonly agentSeq: number;
}

/** Events that wait to be written, in units: what is in one is on disk together, or not at all. */
export interface EventBuffer {
  /** Adds a unit: Events, the change of the Job's row that belongs to them, and the frame that they came in, or 0. */
  add(events: readonly NewEvent[], progress: JobProgress, agentSeq: number): void;
  isEmpty(): boolean;
  /** Takes the oldest units, as many as hold `most` Events together, and at least one. */
  take(most: number): EventBatch;
}

/** An empty buffer. What waits in it is bounded by the agent's window: frames are acknowledged once on disk. */
export function createEventBuffer(): EventBuffer {
  let units: EventBatch[] = [];
  return {
    add: (events, progress, agentSeq) => {
      units.push({ events, progress, agentSeq });
    },
    isEmpty: () => units.length === 0,
    take: (most) => {
      const events: NewEvent[] = [];
      let progress: JobProgress = {};
      let agentSeq = 0;
      let count = 0;
      for (const unit of units) {
        if (count > 0 && events.length + unit.events.length > most) break;
        for (const event of unit.events) events.push(event);
        progress = { ...progress, ...unit.progress };
        agentSeq = Math.max(agentSeq, unit.agentSeq);
        count += 1;
      }
      units = units.slice(count);
      return { events, progress: agentSeq > 0 ? { ...progress, agentSeq } : progress, agentSeq };
    },
  };
}
