import type { EventRow } from "@longshore/shared/db/read-events";
import { toEventData } from "@longshore/shared/db/to-event-data";

/** An Event as it goes over the wire; its data is one line, as JSON has no raw newlines. */
export function toServerSentEvent(row: EventRow): string {
  return `id: ${String(row.seq)}\nevent: ${row.type}\ndata: ${JSON.stringify(toEventData(row))}\n\n`;
}

const written = new WeakMap<EventRow, string>();

/**
 * The same, written out once for all readers that are given this row. The text is kept as long as the row is, beside it: for
 * small pages only.
 */
export function toSharedEvent(row: EventRow): string {
  const before = written.get(row);
  if (before !== undefined) return before;
  const text = toServerSentEvent(row);
  written.set(row, text);
  return text;
}

/** A comment, which clients ignore: it keeps proxies from closing the stream, and shows a dead connection. */
export const keepAliveComment = ": still here\n\n";

/** Tells EventSource to come back after a second, not after its own three. */
export const openingLine = "retry: 1000\n\n";
