import type { Sql } from "./connect-database.ts";

/** Channel on which readers hear that a Job has new Events; the payload is its id. */
export const eventsChannel = "longshore_events";

/** Channel on which workers hear that a running Job is to be cancelled; the payload is its id, a space, and when it was asked for. */
export const cancelChannel = "longshore_cancel";

/**
 * Tells readers of new Events. A hint, sent after the commit and on its own: within the transaction it would hold a
 * lock of the whole database over the fsync. What gets lost, readers find by their own slow poll.
 */
export function notifyEvents(sql: Sql, jobId: string): void {
  void sql`SELECT pg_notify(${eventsChannel}, ${jobId})`.catch(() => {
    // A lost hint costs a reader one poll; the failure of the database itself is seen by the next write.
  });
}

/** What a payload of {@link cancelChannel} says. */
export function readCancelSignal(payload: string): { readonly jobId: string; readonly requestedAt: Date } {
  const [jobId = "", requestedAt = ""] = payload.split(" ");
  return { jobId, requestedAt: new Date(requestedAt) };
}
