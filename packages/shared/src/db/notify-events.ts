import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** Channel on which readers hear that a Job has new Events; the payload is its id. */
export const eventsChannel = "longshore_events";

/** Channel on which workers hear that a running Job is to be cancelled; the payload is its id, a space, and when it was asked for. */
export const cancelChannel = "longshore_cancel";

/** Whom to tell when the present statement is through, by the client over which it is sent. */
const waiting = new WeakMap<Sql, Set<string>>();

/**
 * Tells readers of new Events. A hint, sent after the commit and on its own: within the transaction it would hold a
 * lock of the whole database over the fsync. What gets lost, readers find by their own slow poll. One statement at a
 * time: what is to be told meanwhile goes together with the next.
 */
export function notifyEvents(sql: Sql, jobId: string): void {
  const others = waiting.get(sql);
  if (others !== undefined) return void others.add(jobId);
  const next = new Set<string>();
  waiting.set(sql, next);
  // A lost hint costs a reader one poll; the failure of the database itself is seen by the next write.
  void sendAll(sql, [jobId], next).catch(() => waiting.delete(sql));
}

async function sendAll(sql: Sql, first: string[], next: Set<string>): Promise<void> {
  for (let jobIds = first; jobIds.length > 0; next.clear()) {
    await within(sql`SELECT pg_notify(${eventsChannel}, id) FROM unnest(${jobIds}::text[]) AS id`);
    jobIds = [...next];
  }
  waiting.delete(sql);
}

/** What a payload of {@link cancelChannel} says. */
export function readCancelSignal(payload: string): { readonly jobId: string; readonly requestedAt: Date } {
  const [jobId = "", requestedAt = ""] = payload.split(" ");
  return { jobId, requestedAt: new Date(requestedAt) };
}
