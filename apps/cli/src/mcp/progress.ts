import type { JobEvent } from "@longshore/client";
import { plain } from "./plain.ts";
import type { Call } from "./tool-context.ts";

/** Not more often than this is progress told, in ms: a job may print thousands of lines a second. */
const pauseMs = 250;
const longestMessage = 200;

export interface Progress {
  see(event: JobEvent): void;
  close(): void;
}

/** Tells the caller how a job goes on, where it asked for that. What is told is the newest; it grows with the events. */
export function createProgress({ _meta, sendNotification }: Call): Progress {
  const progressToken = _meta?.progressToken;
  let timer: NodeJS.Timeout | undefined;
  let next: { readonly progress: number; readonly message: string } | null = null;
  let lastSent = 0;
  const send = () => {
    timer = undefined;
    if (next === null || progressToken === undefined) return;
    lastSent = Date.now();
    const params = { progressToken, ...next };
    next = null;
    // Who is gone hears nothing; the call itself is cancelled then.
    sendNotification({ method: "notifications/progress", params }).catch(() => undefined);
  };
  return {
    see: (event) => {
      const message = describe(event);
      if (message === null || progressToken === undefined) return;
      next = { progress: event.seq, message };
      timer ??= setTimeout(send, Math.max(0, lastSent + pauseMs - Date.now()));
    },
    close: () => {
      clearTimeout(timer);
      next = null;
    },
  };
}

function describe(event: JobEvent): string | null {
  switch (event.type) {
    case "state":
      return event.data.node === null ? event.data.status : `${event.data.status}: ${event.data.node}`;
    case "plan":
      return `plan of ${String(event.data.steps.length)} steps`;
    case "step":
      return `step ${String(event.data.index)} ${event.data.kind}: ${event.data.status}`;
    case "model":
      return `model ${event.data.model}: ${event.data.outcome}`;
    case "log":
      return plain(event.data.text).slice(0, longestMessage);
    default:
      return null;
  }
}
