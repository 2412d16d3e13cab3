import { eventData } from "../contracts/event.ts";
import type { LogLine } from "../contracts/log-line.ts";
import type { EventRow } from "./read-events.ts";

/** A row as /logs shows it; only for rows of type `log`. */
export function toLogLine(row: EventRow): LogLine {
  if (row.text === null || row.stream === null) throw new Error(`event ${String(row.seq)} is no log line`);
  return {
    seq: row.seq,
    time: row.time.toISOString(),
    attempt: row.attempt,
    node: row.node,
    step: row.step,
    stream: row.stream,
    text: row.text,
    ...(row.continued ? { continued: true as const } : {}),
  };
}

/** The `data` of a row's server-sent event. */
export function toEventData(row: EventRow): Readonly<Record<string, unknown>> {
  if (row.type === "log") return { ...toLogLine(row) };
  // Parsed for the order of the keys, which jsonb does not keep.
  return eventData[row.type].parse({ ...row.body, seq: row.seq, time: row.time.toISOString() });
}
