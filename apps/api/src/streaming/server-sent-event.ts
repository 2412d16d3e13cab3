import type { EventRow } from "@longshore/shared/db/read-events";
import { toEventData } from "@longshore/shared/db/to-event-data";

// Readers of the same page get the same rows: each row is written out once for all of them.
const written = new WeakMap<EventRow, string>();

/** An Event as it goes over the wire; its data is one line, as JSON has no raw newlines. */
export function toServerSentEvent(row: EventRow): string {
  const before = written.get(row);
  if (before !== undefined) return before;
  const text = `id: ${String(row.seq)}\nevent: ${row.type}\ndata: ${JSON.stringify(toEventData(row))}\n\n`;
  written.set(row, text);
  return text;
}

/** A comment, which clients ignore: it keeps proxies from closing the stream, and shows a dead connection. */
export const keepAliveComment = ": still here\n\n";

/** Tells EventSource to come back after a second, not after its own three. */
export const openingLine = "retry: 1000\n\n";
