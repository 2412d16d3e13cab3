import type { EventRow } from "@longshore/shared/db/read-events";
import type { LogPage } from "./read-log-page.ts";

/** The lines as they were: a long one that was stored in parts is one again. */
export function toPlainLog({ rows, following }: Pick<LogPage, "rows" | "following">): string {
  return rows
    .map((row, index) => `${row.text ?? ""}${goesOn(row, rows[index + 1] ?? following) ? "" : "\n"}`)
    .join("");
}

// Where lines of two streams fell between each other, the parts stay apart: they would otherwise mix.
function goesOn(row: EventRow, next: EventRow | null): boolean {
  return next !== null && next.continued && next.stream === row.stream;
}
