import { type Client, type JobEvent, LongshoreError, ProblemError } from "@longshore/client";
import { applyEvent, type JobHistory, noHistory } from "../history/job-history.ts";
import { createLogBuffer, type LogBuffer } from "../log/log-buffer.ts";
import { createPace } from "./create-pace.ts";
import { loadLines } from "./load-lines.ts";
import { takeWithPauses } from "./take-with-pauses.ts";

export interface FeedSnapshot {
  readonly history: JobHistory;
  /** Rows of the log by now. */
  readonly rows: number;
  /** Changes whenever anything did, a row that was fetched anew included. */
  readonly version: number;
  /** `broken`: the service refused; `trouble` says why. */
  readonly state: "opening" | "following" | "ended" | "broken";
  readonly trouble: Error | null;
}

/** All that happens to a job, as it happens: its history, and its log. Holds one stream from `start` to its end. */
export interface JobFeed {
  readonly log: LogBuffer;
  subscribe(listener: () => void): () => void;
  snapshot(): FeedSnapshot;
  /** Begins, or goes on, after the last event that came; gives what stops it. */
  start(): () => void;
}

/** A feed of the job; listeners are called once a frame, however much comes. */
export function createJobFeed(client: Pick<Client, "events" | "logs">, jobId: string): JobFeed {
  const listeners = new Set<() => void>();
  let shown: FeedSnapshot = { history: noHistory, rows: 0, version: 0, state: "opening", trouble: null };
  let history = noHistory;
  let lastSeq = 0;
  const publish = (change: Partial<FeedSnapshot> = {}) => {
    pace.shown();
    shown = { ...shown, ...change, history, rows: log.count(), version: shown.version + 1 };
    for (const listener of listeners) listener();
  };
  const pace = createPace(() => publish(shown.state === "opening" ? { state: "following" } : {}));
  const log = createLogBuffer({
    load: (after, count) => loadLines(client, jobId, after, count),
    onLoaded: pace.soon,
  });
  const take = (event: JobEvent) => {
    if (event.seq <= lastSeq) return;
    lastSeq = event.seq;
    if (event.type === "log") log.append(event.data, history.turns.at(-1)?.number ?? 0);
    else history = applyEvent(history, event);
    pace.cameOne();
  };
  const follow = async (signal: AbortSignal): Promise<void> => {
    try {
      await takeWithPauses(client.events(jobId, { after: lastSeq, signal }), take);
      publish({ state: "ended", trouble: null });
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof LongshoreError)) throw error;
      // Whatever the outage, a page that is left open goes on when it is over.
      if (!(error instanceof ProblemError)) return follow(signal);
      publish({ state: "broken", trouble: error });
    }
  };
  return {
    log,
    snapshot: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: () => {
      const stop = new AbortController();
      if (shown.state === "broken") publish({ state: "opening", trouble: null });
      if (history.end === null) void follow(stop.signal);
      return () => stop.abort();
    },
  };
}
