import type { ObservedEvent } from "./observe-database.ts";

const terminal = new Set(["succeeded", "failed", "cancelled"]);

/** What is wrong with the path that the `state` events of a Job tell, null where nothing is. */
export function faultOfStates(events: readonly ObservedEvent[]): string | null {
  let status = "";
  let attempt = 1;
  for (const { type, body, seq } of events) {
    if (type !== "state" || body === null) continue;
    const next = { status: String(body["status"]), attempt: Number(body["attempt"]) };
    if (!isStep(status, attempt, next.status, next.attempt))
      return `event ${String(seq)} goes from ${status || "nothing"} (attempt ${String(attempt)}) to ${next.status} (attempt ${String(next.attempt)})`;
    ({ status, attempt } = next);
  }
  return null;
}

function isStep(from: string, attempt: number, to: string, nextAttempt: number): boolean {
  if (from === "") return to === "queued" && nextAttempt === 1;
  if (from === "queued") return nextAttempt === attempt && (to === "running" || to === "cancelled");
  if (from !== "running") return false;
  if (to === "queued") return nextAttempt === attempt + 1;
  return nextAttempt === attempt && (to === "running" || terminal.has(to));
}
