import type { Sql } from "./connect-database.ts";
import { within } from "./within.ts";

/** Channel on which readers hear that a Job has new Events; the payload is its id. */
export const eventsChannel = "longshore_events";

/** Channel on which workers hear that a running Job is to be cancelled; the payload is its id, a space, and when it was asked for. */
export const cancelChannel = "longshore_cancel";

/** In ms. A hint that comes later is worth no more than the poll that a reader makes without one. */
const hintBoundMs = 1_000;

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
  void sendAll(sql, [jobId], next);
}

/** Never rejects: what is to be told next does not depend on what could not be. */
async function sendAll(sql: Sql, first: string[], next: Set<string>): Promise<void> {
  for (let jobIds = first; jobIds.length > 0; next.clear()) {
    const told = sql`SELECT pg_notify(${eventsChannel}, id) FROM unnest(${jobIds}::text[]) AS id`;
    // A lost hint costs a reader one poll; the failure of the database itself is seen by the next write.
    await within(told, hintBoundMs).catch(() => undefined);
    jobIds = [...next];
  }
  waiting.delete(sql);
}

/** What a payload of {@link cancelChannel} says. */
export function readCancelSignal(payload: string): { readonly jobId: string; readonly requestedAt: Date } {
  const [jobId = "", requestedAt = ""] = payload.split(" ");
  return { jobId, requestedAt: new Date(requestedAt) };
}
